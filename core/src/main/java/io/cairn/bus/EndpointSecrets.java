package io.cairn.bus;

import io.cairn.event.EventLog;
import io.cairn.event.RowSeals;
import io.cairn.event.TenantView;
import io.cairn.row.Row;
import io.cairn.tenant.Tenant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// The secrets of an endpoint: the one in use, and the one before it for as long as it is still good.
///
/// @param formerUntil when the former one ends to be good
record EndpointSecrets(WebhookSecret current, Optional<WebhookSecret> former, Instant formerUntil) {
    private static final JsonMapper JSON = JsonMapper.shared();

    static EndpointSecrets of(WebhookSecret first) {
        return new EndpointSecrets(first, Optional.empty(), Instant.EPOCH);
    }

    EndpointSecrets replacedBy(WebhookSecret next, Instant until) {
        return new EndpointSecrets(next, Optional.of(current), until);
    }

    /// Those that sign now.
    List<WebhookSecret> at(Instant now) {
        var signing = new ArrayList<>(List.of(current));
        former.filter(secret -> now.isBefore(formerUntil)).ifPresent(signing::add);
        return signing;
    }

    RowSeals.Sealed sealed(EventLog log, Tenant tenant, String endpoint) {
        var node = JsonNodeFactory.instance.objectNode().put("current", current.reveal());
        former.ifPresent(secret -> node.put("former", secret.reveal()).put("former_until", formerUntil.toString()));
        return log.rowSeals().seal(tenant, subject(endpoint), endpoint, JSON.writeValueAsBytes(node));
    }

    /// Empty if the endpoint's data were forgotten.
    static Optional<EndpointSecrets> opened(TenantView view, EventLog log, Row row) {
        var id = row.text("id");
        var whose = new RowSeals.SealedFor(subject(id), UUID.fromString(row.text("key_id")));
        return view.opened(log.rowSeals(), whose, id, row.bytes("secrets")).map(bytes -> {
            var node = JSON.readTree(bytes);
            var former = Optional.ofNullable(node.path("former").stringValue(null));
            return new EndpointSecrets(
                    new WebhookSecret(node.path("current").asString()),
                    former.map(WebhookSecret::new),
                    former.isPresent() ? Instant.parse(node.path("former_until").asString()) : Instant.EPOCH);
        });
    }

    static String subject(String endpoint) {
        return "cairn-webhook/" + endpoint;
    }
}
