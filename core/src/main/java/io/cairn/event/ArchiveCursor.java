package io.cairn.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How far an export has come: it reads the state first, then the events up to the head that it began with.
///
/// @param epoch of the log; a cursor of another log is refused
/// @param head where the export ends, so that the state that was read covers all its events
/// @param table the state table in which it is; null once it has come to the events
/// @param tenant whose rows it reads
/// @param key of the last row that was read
/// @param position of the last event that was read
record ArchiveCursor(
        String epoch,
        long head,
        @Nullable String table,
        @Nullable Tenant tenant,
        @Nullable RowKey key,
        long position) {
    private static final JsonMapper JSON = JsonMapper.shared();

    static ArchiveCursor start(String epoch, long head, long after) {
        return new ArchiveCursor(epoch, head, "", null, null, after);
    }

    boolean inEvents() {
        return table == null;
    }

    ArchiveCursor at(Table in, Tenant of, RowKey row) {
        return new ArchiveCursor(epoch, head, in.name(), of, row, position);
    }

    ArchiveCursor at(long event) {
        return new ArchiveCursor(epoch, head, null, null, null, event);
    }

    String wire() {
        var json = JSON.createObjectNode().put("e", epoch).put("h", head).put("p", position);
        if (table != null) {
            json.put("t", table);
        }
        if (tenant != null) {
            json.put("n", tenant.id());
        }
        if (key != null) {
            var parts = json.putArray("k");
            for (var part : key.parts()) {
                if (part instanceof Long number) {
                    parts.add(number);
                } else {
                    parts.add((String) part);
                }
            }
        }
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.toString().getBytes(UTF_8));
    }

    static ArchiveCursor parse(String wire) {
        try {
            var json = JSON.readTree(new String(Base64.getUrlDecoder().decode(wire), UTF_8));
            return new ArchiveCursor(
                    json.required("e").asString(),
                    json.required("h").asLong(),
                    json.path("t").asStringOpt().orElse(null),
                    json.path("n").asStringOpt().map(Tenant::new).orElse(null),
                    json.has("k") ? new RowKey(parts(json.path("k"))) : null,
                    json.required("p").asLong());
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "'after' is not a cursor of an export; pass one back as it was given", e);
        }
    }

    private static List<Object> parts(JsonNode json) {
        var parts = new ArrayList<Object>();
        for (var part : json) {
            if (part.isNumber()) {
                parts.add(part.asLong());
            } else {
                parts.add(part.asString());
            }
        }
        return parts;
    }
}
