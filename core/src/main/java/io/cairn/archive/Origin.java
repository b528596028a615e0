package io.cairn.archive;

import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Head;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.event.NewEvent;
import io.cairn.event.Position;
import io.cairn.event.ReadSnapshot;
import io.cairn.event.StoredEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The log that another log's events came from, and where it ended when they were taken.
///
/// @param ends of its partitions, in their order
record Origin(String epoch, List<End> ends) {
    static final String SUBJECT = "cairn/log";

    private static final String STREAM_TYPE = "cairn.log";
    private static final JsonMapper JSON = JsonMapper.shared();

    /// The end of one partition.
    ///
    /// @param position as on the wire
    record End(String position, byte[] chain) {
        long number() {
            return Position.parse(position).number();
        }

        ObjectNode json() {
            return JSON.createObjectNode()
                    .put("position", position)
                    .put("chain", HexFormat.of().formatHex(chain));
        }

        static End of(JsonNode json) {
            return new End(
                    json.required("position").asString(),
                    HexFormat.of().parseHex(json.required("chain").asString()));
        }
    }

    Origin {
        ends = List.copyOf(ends);
    }

    static Origin of(String epoch, List<Head> heads) {
        return new Origin(
                epoch,
                heads.stream()
                        .map(head -> new End(head.position().wire(), head.chain()))
                        .toList());
    }

    /// With the ends of so many events in each partition.
    static Origin at(LogStorage storage, List<Long> numbers) {
        var epoch = storage.epoch();
        return storage.read(snapshot -> new Origin(
                epoch,
                IntStream.range(0, numbers.size())
                        .mapToObj(partition -> end(snapshot, epoch, partition, numbers.get(partition)))
                        .toList()));
    }

    private static End end(ReadSnapshot snapshot, String epoch, int partition, long number) {
        var chain = chainAt(snapshot, epoch, partition, number)
                .orElseThrow(() -> new IllegalStateException(
                        "The log has lost position %d of partition %d".formatted(number, partition)));
        return new End(new Position(epoch, partition, number).wire(), chain);
    }

    /// From an event's payload, or from the last line of an export.
    static Origin of(JsonNode json) {
        var ends = json.has("heads") ? json.required("heads").valueStream() : Stream.of(json);
        return new Origin(json.required("epoch").asString(), ends.map(End::of).toList());
    }

    /// The stream in which a log tells of this origin.
    StreamId stream() {
        return stream(epoch);
    }

    static StreamId stream(String epoch) {
        return new StreamId(STREAM_TYPE, epoch);
    }

    /// Events up to these ends.
    long events() {
        return ends.stream().mapToLong(End::number).sum();
    }

    /// The number at which each partition ends.
    List<Long> numbers() {
        return ends.stream().map(End::number).toList();
    }

    /// Whether a log still has the past that ended so.
    ///
    /// @return false if it was replaced, or cut
    boolean isPastOf(LogStorage storage) {
        return storage.partitions() == ends.size()
                && storage.read(snapshot -> IntStream.range(0, ends.size())
                        .allMatch(partition -> isPastOf(snapshot, storage.epoch(), partition)));
    }

    private boolean isPastOf(ReadSnapshot snapshot, String present, int partition) {
        var end = ends.get(partition);
        return chainAt(snapshot, present, partition, end.number())
                .filter(chain -> Arrays.equals(chain, end.chain()))
                .isPresent();
    }

    private static Optional<byte[]> chainAt(ReadSnapshot snapshot, String epoch, int partition, long number) {
        return number == 0
                ? Optional.of(Head.genesis(epoch, partition).chain())
                : snapshot.after(partition, number - 1, 1, 1).stream()
                        .filter(event -> event.position() == number)
                        .map(StoredEvent::chain)
                        .findFirst();
    }

    /// Position and chain are those of the first partition; where there are more, all stand in `heads`.
    ObjectNode json() {
        var json = JSON.createObjectNode()
                .put("epoch", epoch)
                .setAll(ends.getFirst().json());
        if (ends.size() > 1) {
            var heads = json.putArray("heads");
            ends.forEach(end -> heads.add(end.json()));
        }
        return json;
    }

    /// The event that says that everything up to these ends is there.
    StreamAppend imported(Instant now) {
        return told(Ids.named(Archive.IMPORTED.name(), json().toString()), Archive.IMPORTED, now);
    }

    StreamAppend told(UUID id, EventType type, Instant now) {
        return new StreamAppend(
                stream(), Expected.any(), List.of(new NewEvent(id, type, 1, SUBJECT, json(), now, null)));
    }
}
