package io.cairn.event;

import io.cairn.row.Row;
import io.cairn.row.RowKey;
import io.cairn.seal.DataKey;
import io.cairn.seal.MasterKey;
import io.cairn.seal.SealBrokenException;
import io.cairn.tenant.Tenant;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The check of what events cannot be read without: the keys of their subjects, and the blobs that they name.
///
/// No digest covers these. With the master key every key and every blob is opened, and a blob has to be what its
/// address says; without it only missing keys show.
public final class Contents {
    private static final int BLOBS_AT_ONCE = 64;

    /// Which blobs a payload names.
    @FunctionalInterface
    public interface Naming {
        /// Addresses of blobs; none for other types.
        List<String> blobs(EventType type, JsonNode payload);
    }

    /// Something that an event needs and that is missing or changed.
    ///
    /// @param position of the first event that needs it
    public record Fault(int partition, long position, String what) {}

    private record KeyName(Tenant tenant, String subject, UUID id) {}

    private record BlobName(Tenant tenant, String address) {}

    /// The first event that needs something.
    private record Place(int partition, long position) {
        static Place of(StoredEvent event) {
            return new Place(event.partition(), event.position());
        }

        Fault fault(String what) {
            return new Fault(partition, position, what);
        }
    }

    private final LogStorage storage;
    private final @Nullable MasterKey master;
    private final Naming naming;
    private final Map<KeyName, Place> keys = new LinkedHashMap<>();
    private final Map<BlobName, Place> blobs = new LinkedHashMap<>();

    /// @param master with which the log was sealed, if it is at hand
    public Contents(LogStorage storage, Optional<MasterKey> master, Naming naming) {
        this.storage = storage;
        this.master = master.orElse(null);
        this.naming = naming;
    }

    /// Whether more than the presence of keys can be told.
    public boolean opens() {
        return master != null;
    }

    /// Notes what an event needs.
    public void event(StoredEvent event) {
        keys.putIfAbsent(new KeyName(event.tenant(), event.subject(), event.keyId()), Place.of(event));
        named(event).forEach(address -> blobs.putIfAbsent(new BlobName(event.tenant(), address), Place.of(event)));
    }

    private List<String> named(StoredEvent event) {
        if (master == null) {
            return List.of();
        }
        try {
            return storage.read(snapshot -> key(snapshot, event.tenant(), event.subject(), event.keyId()))
                    .map(key -> ExactJson.mapper()
                            .readTree(key.open(event.payload(), Sealing.owner(event.tenant(), event.eventId()))))
                    .map(payload -> naming.blobs(event.type(), payload))
                    .orElse(List.of());
        } catch (SealBrokenException e) {
            // The digest or the check of the key tells of it.
            return List.of();
        }
    }

    /// What is not there, or not as it was written.
    ///
    /// @param many at most
    public List<Fault> problems(int many) {
        var problems = new ArrayList<Fault>();
        keys.forEach((name, place) -> {
            if (problems.size() < many) {
                key(name).map(place::fault).ifPresent(problems::add);
            }
        });
        if (opens()) {
            storage.read(snapshot -> snapshot.tenants(Blobs.TABLE)).forEach(tenant -> blobs(tenant, problems, many));
            blobs.forEach((name, place) -> {
                if (problems.size() < many) {
                    problems.add(place.fault("the blob %s, which it names, is missing: a document cannot be read"
                            .formatted(name.address())));
                }
            });
        }
        return problems;
    }

    private Optional<String> key(KeyName name) {
        var row = storage.read(snapshot -> snapshot.row(
                name.tenant(),
                SubjectKeys.TABLE,
                SubjectKeys.TABLE.key(name.subject(), name.id().toString())));
        if (row.isEmpty()) {
            return Optional.of(
                    "the key of its subject '%s' of tenant %s is missing: what was sealed with it cannot be read"
                            .formatted(name.subject(), name.tenant().id()));
        }
        return master == null || opened(name.tenant(), row.get()).isPresent()
                ? Optional.empty()
                : Optional.of(
                        "the key of its subject '%s' of tenant %s was changed, or another master key wrapped it: what was sealed with it cannot be read"
                                .formatted(name.subject(), name.tenant().id()));
    }

    private Optional<DataKey> key(ReadSnapshot snapshot, Tenant tenant, String subject, UUID id) {
        return snapshot.row(tenant, SubjectKeys.TABLE, SubjectKeys.TABLE.key(subject, id.toString()))
                .flatMap(row -> opened(tenant, row));
    }

    private Optional<DataKey> opened(Tenant tenant, Row row) {
        if (master == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(master.unwrap(row.bytes("wrapped"), tenant, row.text("subject")));
        } catch (SealBrokenException e) {
            return Optional.empty();
        }
    }

    /// Goes through all blobs that a tenant has, and strikes those that are whole.
    private void blobs(Tenant tenant, List<Fault> problems, int many) {
        RowKey after = null;
        List<Row> page;
        var parts = new ArrayList<Row>();
        do {
            var from = after;
            page = storage.read(
                    snapshot -> snapshot.rows(tenant, Blobs.TABLE, new RowKey(List.of()), from, BLOBS_AT_ONCE));
            for (var part : page) {
                if (!parts.isEmpty() && !parts.getFirst().text("address").equals(part.text("address"))) {
                    blob(tenant, parts, problems, many);
                    parts.clear();
                }
                parts.add(part);
            }
            after = page.isEmpty() ? after : page.getLast().key();
        } while (page.size() == BLOBS_AT_ONCE);
        if (!parts.isEmpty()) {
            blob(tenant, parts, problems, many);
        }
    }

    private void blob(Tenant tenant, List<Row> parts, List<Fault> problems, int many) {
        var address = parts.getFirst().text("address");
        var place = blobs.remove(new BlobName(tenant, address));
        if (place == null || isWhole(tenant, address, parts) || problems.size() >= many) {
            // One that no event names is on its way, or was left by a writer that is gone.
            return;
        }
        problems.add(place.fault(
                "the blob %s, which it names, is not as it was written: a document cannot be read".formatted(address)));
    }

    private boolean isWhole(Tenant tenant, String address, List<Row> parts) {
        try {
            var content = new ByteArrayOutputStream();
            for (int number = 0; number < parts.size(); number++) {
                var part = parts.get(number);
                var key = storage.read(
                        snapshot -> key(snapshot, tenant, part.text("subject"), UUID.fromString(part.text("key_id"))));
                if (part.number("part") != number || key.isEmpty()) {
                    return false;
                }
                content.writeBytes(key.get().open(part.bytes("sealed"), Blobs.owner(tenant, address, number)));
            }
            return address.equals(address(tenant, parts.getFirst().text("subject"), content.toByteArray()));
        } catch (SealBrokenException | IllegalArgumentException e) {
            return false;
        }
    }

    private String address(Tenant tenant, String subject, byte[] content) {
        return master == null
                ? ""
                : HexFormat.of().formatHex(master.fingerprint(tenant, Blobs.addressed(subject, content)));
    }
}
