package io.cairn.archive;

import io.cairn.batch.BatchProgress;
import io.cairn.event.Adoption;
import io.cairn.event.Appended;
import io.cairn.event.Digests;
import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.event.StorageException;
import io.cairn.event.SubjectKeys;
import io.cairn.event.Unit;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Takes the lines of an archive into a log, in their order.
final class ArchiveImport {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final EventLog log;
    private final LogStorage storage;
    private final Adoption adoption;
    private final Ids ids;
    private final Context context;
    private final List<CompletableFuture<Appended>> pending = new ArrayList<>();
    private final Map<String, Table> tables;

    /// Rows of one table of a tenant, which are written together.
    private final Map<RowKey, Row> state = new LinkedHashMap<>();

    private final BatchProgress progress;
    private @Nullable Tenant stateOf;
    private @Nullable Table stateIn;
    private long pendingBytes;
    private long total;
    private long imported;
    private long skipped;
    private boolean complete;

    ArchiveImport(EventLog log, LogStorage storage, List<Table> tables, Ids ids, Context context) {
        this.log = log;
        this.storage = storage;
        this.adoption = log.adoption();
        this.tables = tables.stream().collect(Collectors.toMap(Table::name, Function.identity()));
        this.ids = ids;
        this.context = context;
        this.progress = new BatchProgress("import", ids.clock());
    }

    Archive.Imported take(Iterable<String> lines) {
        long number = 0;
        for (var line : lines) {
            number++;
            try {
                one(JSON.readTree(line));
            } catch (StorageException e) {
                throw e;
            } catch (StreamReadException e) {
                settle();
                throw new IllegalArgumentException(
                        "Line %d is not JSON: this is no export of Cairn, or it was damaged".formatted(number), e);
            } catch (RuntimeException e) {
                settle();
                throw new IllegalArgumentException(
                        "Line %d cannot be imported: %s".formatted(number, e.getMessage()), e);
            }
        }
        settle();
        progress.end();
        return new Archive.Imported(
                imported, skipped, log.head(log.partition(context.tenant())).position(), complete);
    }

    private void one(JsonNode line) {
        switch (line.path("kind").asString("")) {
            case "header" -> header(line);
            case "state" -> state(line);
            case "event" -> event(line);
            case "end" -> end(line);
            default -> throw new IllegalArgumentException("it is no line of an export of Cairn");
        }
    }

    private void header(JsonNode line) {
        if (line.required("format").asInt() != Archive.FORMAT) {
            throw new IllegalArgumentException("its format is not " + Archive.FORMAT);
        }
        if (line.required("epoch").asString().equals(storage.epoch())) {
            throw new IllegalArgumentException("it is an export of this very log");
        }
        total = line.path("total").asLong(0);
    }

    private void state(JsonNode line) {
        var name = line.required("table").asString();
        var table = tables.get(name);
        if (table == null) {
            throw new IllegalArgumentException("there is no table " + name);
        }
        var tenant = new Tenant(line.required("tenant").asString());
        var row = ArchiveLines.row(table, line.required("row"));
        if (table.equals(SubjectKeys.TABLE) && !adoption.opens(tenant, row)) {
            throw new IllegalArgumentException(
                    "its key was wrapped by another master key; start with the master key of the log it came from");
        }
        if (!tenant.equals(stateOf) || !table.equals(stateIn) || state.size() >= StateCopy.PAGE) {
            settleState();
        }
        stateOf = tenant;
        stateIn = table;
        if (state.putIfAbsent(row.key(), row) != null) {
            skipped++;
        }
    }

    private void settleState() {
        var tenant = stateOf;
        var table = stateIn;
        if (tenant != null && table != null && !state.isEmpty()) {
            storage.<Long, RuntimeException>operation(
                    () -> "an import of " + table.name(), 1, () -> settleState(tenant, table));
        }
    }

    /// Writes those of the gathered rows that are not there yet.
    ///
    /// @return how many
    private long settleState(Tenant tenant, Table table) {
        var missing = new LinkedHashMap<>(state);
        state.clear();
        var there = storage.<List<Row>>read(snapshot -> snapshot.rows(tenant, table, missing.keySet()));
        there.forEach(row -> missing.remove(row.key()));
        skipped += there.size();
        if (missing.isEmpty()) {
            return 0;
        }
        var owner = new Context(tenant, context.actor(), context.correlation());
        var changes =
                missing.values().stream().<RowChange>map(RowChange.Put::new).toList();
        if (!(log.append(Unit.rows(owner, changes)) instanceof Appended.Written)) {
            return 0;
        }
        imported += changes.size();
        return changes.size();
    }

    private void event(JsonNode line) {
        settleState();
        var event = ArchiveLines.stored(line);
        if (!Arrays.equals(Digests.of(event), event.digest())) {
            throw new IllegalArgumentException("event %s was changed on the way".formatted(event.eventId()));
        }
        pending.add(adoption.adopt(event));
        pendingBytes += event.payload().length;
        if (pending.size() >= log.settings().importBatch().of(total) || pendingBytes > Archive.PAGE_BYTES) {
            settle();
        }
    }

    private void settle() {
        settleState();
        for (var outcome : pending) {
            switch (adoption.await(outcome)) {
                case Appended.Written written -> imported++;
                case Appended.Duplicate duplicate -> skipped++;
                case Appended.Conflict(var stream, var actual) ->
                    throw new IllegalArgumentException(
                            "stream %s has %d events here that the export does not have".formatted(stream, actual));
                case Appended.Refused refused -> throw new IllegalStateException("Nothing was judged: " + refused);
                case Appended.Unmet unmet -> throw new IllegalStateException("Nothing was expected: " + unmet);
            }
        }
        if (!pending.isEmpty()) {
            long done = imported + skipped;
            progress.batch(pending.size(), 0, Math.max(0, total - done));
        }
        pending.clear();
        pendingBytes = 0;
    }

    private void end(JsonNode line) {
        settle();
        log.append(Unit.of(context, Origin.of(line).imported(ids.now())));
        complete = true;
    }
}
