package io.cairn.bench;

import static io.cairn.bench.Table.number;

import com.networknt.schema.SpecificationVersion;
import io.cairn.adapter.jsonschema.NetworkntSchemas;
import io.cairn.adapter.sql.SqliteLogStorage;
import io.cairn.event.Appended;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.NewEvent;
import io.cairn.event.Reserved;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.schema.EventSchemas;
import io.cairn.schema.JsonSchemas;
import io.cairn.schema.NewSchema;
import io.cairn.schema.Registered;
import io.cairn.schema.SchemaRegistry;
import io.cairn.schema.SchemaSettings;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What checking payloads costs: appends without schemas, of types that nobody registered, and of a registered type;
/// and one check beside the library alone.
///
/// The rounds of all sides take turns, each on a file of its own.
final class SchemaBench {
    private static final int WRITERS = 50;
    private static final Context CONTEXT = new Context(Tenant.DEFAULT, "bench", "bench");
    private static final EventType REGISTERED = new EventType("order.placed");
    private static final EventType UNKNOWN = new EventType("order.seen");
    private static final JsonNode SCHEMA = JsonMapper.shared().readTree("""
        {"type":"object","required":["id","customer","lines","total"],"additionalProperties":false,
         "properties":{"id":{"type":"string","pattern":"^[a-z0-9-]{1,36}$"},
           "customer":{"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1},
             "mail":{"type":"string","maxLength":200}}},
           "lines":{"type":"array","minItems":1,"items":{"$ref":"#/$defs/line"}},
           "total":{"type":"number","minimum":0},"note":{"type":"string","maxLength":2000}},
         "$defs":{"line":{"type":"object","required":["sku","count"],
           "properties":{"sku":{"type":"string"},"count":{"type":"integer","minimum":1}}}}}\
        """);

    private final Ids ids = new Ids(Clock.systemUTC(), new SecureRandom());
    private final JsonNode payload = payload();
    private final int rounds;
    private final int events;

    private SchemaBench(Options options) {
        rounds = options.number("rounds", 5);
        events = options.number("events", 20_000);
    }

    static void run(Options options) throws Exception {
        var bench = new SchemaBench(options);
        bench.appends();
        bench.checks(options.number("checks", 200_000));
    }

    /// About 1 KB, with five lines.
    private static JsonNode payload() {
        var json = JsonMapper.shared().createObjectNode().put("id", "order-1").put("total", 99.5);
        json.putObject("customer").put("name", "Ana").put("mail", "ana@example.org");
        var lines = json.putArray("lines");
        IntStream.range(0, 5)
                .forEach(i -> lines.addObject().put("sku", "sku-" + i).put("count", i + 1));
        return json.put("note", "x".repeat(750));
    }

    private void appends() throws Exception {
        var table = Table.begin(
                "Append with schemas, 1 KB payloads, %d writers, FULL sync, median of %d rounds"
                        .formatted(WRITERS, rounds),
                "without schemas",
                "of a type that nobody registered",
                "ratio",
                "checked",
                "ratio [least–most]");
        var folder = Files.createTempDirectory("cairn-bench");
        var without = new ArrayList<Double>();
        var unknown = new ArrayList<Double>();
        var checked = new ArrayList<Double>();
        try {
            for (int round = -1; round < rounds; round++) {
                double[] found = {
                    round(folder.resolve("without-%d.db".formatted(round)), false, UNKNOWN),
                    round(folder.resolve("unknown-%d.db".formatted(round)), true, UNKNOWN),
                    round(folder.resolve("checked-%d.db".formatted(round)), true, REGISTERED)
                };
                if (round >= 0) {
                    without.add(found[0]);
                    unknown.add(found[1]);
                    checked.add(found[2]);
                }
            }
        } finally {
            Folders.delete(folder);
        }
        var ratios = ratios(checked, without);
        table.row(
                number("%,.0f/s", sample(without).median()),
                number("%,.0f/s", sample(unknown).median()),
                number("%.2f", ratios(unknown, without).median()),
                number("%,.0f/s", sample(checked).median()),
                number("%.2f [%.2f–%.2f]", ratios.median(), ratios.quantile(0), ratios.quantile(1)));
    }

    private static Sample ratios(List<Double> of, List<Double> to) {
        return Sample.of(IntStream.range(0, of.size()), i -> of.get(i) / to.get(i));
    }

    private static Sample sample(List<Double> values) {
        return new Sample(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /// Events per second.
    private double round(Path file, boolean judged, EventType type) throws Exception {
        var random = new SecureRandom();
        var schemas = new EventSchemas(
                new NetworkntSchemas(), EventSchemas.own(), Reserved.engine(), SchemaSettings.defaults());
        var log = EventLog.on(SqliteLogStorage.open(file, 2))
                .sealedWith(MasterKey.random(random))
                .ids(ids)
                .random(random);
        try (var started = (judged ? log.upcasting(schemas).admittedBy(schemas) : log).start()) {
            if (judged) {
                register(new SchemaRegistry(started, schemas, ids));
            }
            return timed(started, type);
        }
    }

    private static void register(SchemaRegistry registry) {
        if (!(registry.register(CONTEXT, REGISTERED, 1, NewSchema.of(SCHEMA)) instanceof Registered.Created)) {
            throw new IllegalStateException("The schema was not registered");
        }
    }

    private double timed(EventLog log, EventType type) throws Exception {
        long start = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = IntStream.range(0, WRITERS)
                    .<Callable<Void>>mapToObj(writer -> () -> {
                        for (int i = 0; i < events / WRITERS; i++) {
                            append(log, type, "stream-" + writer);
                        }
                        return null;
                    })
                    .toList();
            for (var done : threads.invokeAll(all)) {
                done.get();
            }
        }
        return events / ((System.nanoTime() - start) / 1e9);
    }

    private void append(EventLog log, EventType type, String stream) {
        var event = new NewEvent(ids.next(), type, 1, stream, payload, ids.now(), null);
        var append = new StreamAppend(new StreamId("order", stream), Expected.any(), List.of(event));
        if (!(log.append(Unit.of(CONTEXT, append)) instanceof Appended.Written)) {
            throw new IllegalStateException("An event was not written");
        }
    }

    private void checks(int count) {
        var table = Table.begin(
                "One check of such a payload, one thread, median of %d rounds".formatted(rounds),
                "the library alone",
                "through Cairn",
                "ratio [least–most]");
        var bare = com.networknt.schema.SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SCHEMA);
        if (!(new NetworkntSchemas().compile(SCHEMA) instanceof JsonSchemas.Compiled.Ready(var ours))) {
            throw new IllegalStateException("The schema was refused");
        }
        var theirs = new ArrayList<Double>();
        var own = new ArrayList<Double>();
        for (int round = -2; round < rounds; round++) {
            double one = micros(count, () -> bare.validate(payload).isEmpty());
            double other = micros(count, () -> ours.check(payload, 20).isEmpty());
            if (round >= 0) {
                theirs.add(one);
                own.add(other);
            }
        }
        var ratios = ratios(own, theirs);
        table.row(
                number("%.2f µs", sample(theirs).median()),
                number("%.2f µs", sample(own).median()),
                number("%.2f [%.2f–%.2f]", ratios.median(), ratios.quantile(0), ratios.quantile(1)));
    }

    /// Whether one check finds nothing wrong.
    @FunctionalInterface
    private interface Check {
        boolean passes();
    }

    private static double micros(int count, Check check) {
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            if (!check.passes()) {
                throw new IllegalStateException("The payload was refused");
            }
        }
        return (System.nanoTime() - start) / 1e3 / count;
    }
}
