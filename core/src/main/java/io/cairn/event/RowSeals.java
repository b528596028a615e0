package io.cairn.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.row.RowChange;
import io.cairn.tenant.Tenant;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/// Seals what a row holds of a subject, as payloads of events are sealed: forgetting the subject makes both unreadable.
public final class RowSeals {
    private final LogStorage storage;
    private final SubjectKeys keys;
    private final SecureRandom random;

    RowSeals(LogStorage storage, SubjectKeys keys, SecureRandom random) {
        this.storage = storage;
        this.keys = keys;
        this.random = random;
    }

    /// Bytes as they stand in a row.
    ///
    /// @param rows what the unit of work that writes the row must carry too
    public record Sealed(UUID keyId, byte[] bytes, List<RowChange> rows) {}

    /// Under whose key something was sealed.
    public record SealedFor(String subject, UUID keyId) {}

    /// Seals one thing of a unit of work.
    ///
    /// @param row says which row it is, so that sealed bytes cannot be moved to another
    public Sealed seal(Tenant tenant, String subject, String row, byte[] plain) {
        return ofUnit().seal(tenant, subject, row, plain);
    }

    /// For all that is sealed in one unit of work: a subject's key is looked for once, and a new one made once.
    public OfUnit ofUnit() {
        return new OfUnit();
    }

    /// The keys of one unit of work. Not for several threads.
    public final class OfUnit {
        private final Map<Subject, SubjectKeys.Chosen> chosen = new HashMap<>();

        private record Subject(Tenant tenant, String id) {}

        private OfUnit() {}

        public Sealed seal(Tenant tenant, String subject, String row, byte[] plain) {
            var known = chosen.get(new Subject(tenant, subject));
            var key = known == null ? keys.choose(tenant, subject, storage) : known;
            chosen.put(new Subject(tenant, subject), key);
            return new Sealed(
                    key.id(),
                    key.key().seal(plain, owner(tenant, row), random),
                    known == null ? key.stored().stream().toList() : List.of());
        }
    }

    /// Fetches at once the keys that are about to be wanted.
    public void prepare(ReadSnapshot snapshot, Tenant tenant, Collection<SealedFor> wanted) {
        keys.prepare(
                snapshot,
                tenant,
                wanted.stream()
                        .map(each -> new SubjectKeys.Name(each.subject(), each.keyId()))
                        .collect(Collectors.toSet()));
    }

    /// What was sealed, or nothing if its subject was forgotten.
    public Optional<byte[]> open(ReadSnapshot snapshot, Tenant tenant, SealedFor whose, String row, byte[] sealed) {
        return keys.find(snapshot, tenant, whose.subject(), whose.keyId())
                .map(key -> key.open(sealed, owner(tenant, row)));
    }

    private static byte[] owner(Tenant tenant, String row) {
        return (tenant.id() + '\0' + row).getBytes(UTF_8);
    }
}
