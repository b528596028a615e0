package io.cairn.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How far an export has come: it reads the state first, then the events, one partition after the other, up
/// to the heads that it began with.
///
/// @param epoch of the log; a cursor of another log is refused
/// @param heads where the export ends in each partition, so that the state that was read covers all its
/// events
/// @param from behind which position it began in each partition
/// @param table the state table in which it is; null once it has come to the events
/// @param tenant whose rows it reads
/// @param key of the last row that was read
/// @param partition in which it is
/// @param position of the last event that was read in it
record ArchiveCursor(
        String epoch,
        List<Long> heads,
        List<Long> from,
        @Nullable String table,
        @Nullable Tenant tenant,
        @Nullable RowKey key,
        int partition,
        long position) {
    private static final JsonMapper JSON = JsonMapper.shared();

    ArchiveCursor {
        heads = List.copyOf(heads);
        from = List.copyOf(from);
        if (partition < 0 || partition >= heads.size() || from.size() != heads.size()) {
            throw new IllegalArgumentException("A cursor is in one of the log's partitions");
        }
    }

    static ArchiveCursor start(String epoch, List<Long> heads, List<Long> after) {
        return new ArchiveCursor(epoch, heads, after, "", null, null, 0, after.getFirst());
    }

    boolean inEvents() {
        return table == null;
    }

    /// Whether every event up to the heads was read.
    boolean finished() {
        return inEvents()
                && position == heads.get(partition)
                && IntStream.range(partition + 1, heads.size())
                        .allMatch(later -> from.get(later).equals(heads.get(later)));
    }

    /// The events that are still to be read.
    long left() {
        return heads.get(partition)
                - position
                + IntStream.range(partition + 1, heads.size())
                        .mapToLong(later -> heads.get(later) - from.get(later))
                        .sum();
    }

    ArchiveCursor at(Table in, Tenant of, RowKey row) {
        return new ArchiveCursor(epoch, heads, from, in.name(), of, row, partition, position);
    }

    ArchiveCursor at(int in, long event) {
        return new ArchiveCursor(epoch, heads, from, null, null, null, in, event);
    }

    String wire() {
        var json = JSON.createObjectNode().put("e", epoch).put("q", partition).put("p", position);
        heads.forEach(json.putArray("h")::add);
        from.forEach(json.putArray("f")::add);
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
                    numbers(json.required("h")),
                    numbers(json.required("f")),
                    json.path("t").asStringOpt().orElse(null),
                    json.path("n").asStringOpt().map(Tenant::new).orElse(null),
                    json.has("k") ? new RowKey(parts(json.path("k"))) : null,
                    json.required("q").asInt(),
                    json.required("p").asLong());
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "'after' is not a cursor of an export; pass one back as it was given", e);
        }
    }

    private static List<Long> numbers(JsonNode json) {
        return json.valueStream().map(JsonNode::asLong).toList();
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
