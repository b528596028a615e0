package io.cairn.schema;

import static io.cairn.schema.RequiredMembers.requiring;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.cairn.archive.Archive;
import io.cairn.event.Appended;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.ExactJson;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.event.NewEvent;
import io.cairn.event.Payload;
import io.cairn.event.PayloadFault;
import io.cairn.event.ReadSet;
import io.cairn.event.ReadSnapshot;
import io.cairn.event.Reserved;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.event.WriteTransaction;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What nodes know of event types, and hold events to, on every storage alike.
public abstract class SchemaRegistryContract {
    private static final Tenant ACME = new Tenant("acme");
    private static final Tenant OTHER = new Tenant("other");
    private static final EventType SCORED = new EventType("lead.scored");
    private static final StreamId LEAD = new StreamId("lead", "1");
    private static final NewSchema ANY_SCORE = NewSchema.of(requiring("score"));

    private final SecureRandom random = new SecureRandom();
    private final MasterKey master = MasterKey.random(random);
    private final Ids ids = new Ids(Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC), random);
    private final List<EventLog> logs = new ArrayList<>();
    private LogStorage storage;
    private Node one;
    private Node two;

    /// A node with what it remembers.
    private record Node(EventLog log, EventSchemas schemas, SchemaRegistry registry) {}

    /// Lets several nodes of a test end one after the other on one storage.
    private record Shared(LogStorage storage, String epoch) implements LogStorage {
        Shared(LogStorage storage) {
            this(storage, storage.epoch());
        }

        @Override
        public int partitions() {
            return storage.partitions();
        }

        @Override
        public boolean shared() {
            return true;
        }

        @Override
        public WriteTransaction write(int partition, Supplier<ReadSet> foreseen) {
            return storage.write(partition, foreseen);
        }

        @Override
        public WriteTransaction writeAll() {
            return storage.writeAll();
        }

        @Override
        public <T> T read(Function<ReadSnapshot, T> work) {
            return storage.read(work);
        }

        @Override
        public void close() {
            // the test closes it
        }
    }

    /// A new, empty storage with those of [EventLog#tables()].
    protected abstract LogStorage create();

    @BeforeEach
    void start() {
        storage = create();
        one = node(SchemaSettings.defaults());
        two = node(SchemaSettings.defaults());
    }

    @AfterEach
    void stop() {
        logs.forEach(EventLog::close);
        storage.close();
    }

    private Node node(SchemaSettings settings) {
        return node(new Shared(storage), settings, List.of());
    }

    private Node node(LogStorage on, SchemaSettings settings, List<DeclaredType> types) {
        var schemas = new EventSchemas(
                new RequiredMembers(),
                Stream.concat(EventSchemas.own().stream(), types.stream()).toList(),
                new Reserved(List.of("cairn", "message", "document"), List.of()),
                settings);
        var log = EventLog.on(on)
                .sealedWith(master)
                .upcasting(schemas)
                .ids(ids)
                .random(random)
                .admittedBy(schemas)
                .start();
        logs.add(log);
        return new Node(log, schemas, new SchemaRegistry(log, schemas, ids));
    }

    @Test
    void anUnknownTypePassesAndIsReadAsItWas() {
        assertThat(append(one, event(7, "{\"anything\":1}"))).isInstanceOf(Appended.Written.class);

        assertThat(read(one)).singleElement().satisfies(event -> {
            assertThat(event.schemaVersion()).isEqualTo(7);
            assertThat(event.payload()).isEqualTo(new Payload.Open(json("{\"anything\":1}")));
        });
    }

    @Test
    void anUnknownTypeIsRefusedWhereThatIsThePolicy() {
        var strict = node(SchemaSettings.defaults().with(UnknownTypes.REFUSE));

        assertThat(faults(append(strict, event(1, "{}")))).singleElement().satisfies(fault -> {
            assertThat(fault.code()).isEqualTo("type_unknown");
            assertThat(fault.detail()).contains("No schema of lead.scored is registered");
        });
        register(one, 1, ANY_SCORE);
        assertThat(append(strict, event(1, "{\"score\":1}"))).isInstanceOf(Appended.Written.class);
    }

    @Test
    void aPayloadThatIsNotAsItsSchemaSaysIsRefusedWithItsPlaceAndNothingIsWritten() {
        register(one, 1, NewSchema.of(requiring("a", "b")));

        var outcome = append(one, event(1, "{\"a\":1,\"b\":2}"), event(1, "{\"b\":2}"), event(1, "{}"));

        assertThat(faults(outcome))
                .extracting(PayloadFault::event, PayloadFault::code, PayloadFault::pointer, PayloadFault::found)
                .containsExactly(
                        tuple(1, "schema_violated", "/a", "nothing"),
                        tuple(2, "schema_violated", "/a", "nothing"),
                        tuple(2, "schema_violated", "/b", "nothing"));
        assertThat(read(one)).isEmpty();
    }

    @Test
    void onlySoManyFaultsAreNamed() {
        register(one, 1, ANY_SCORE);
        var events = IntStream.range(0, 100).mapToObj(i -> event(1, "{}")).toArray(NewEvent[]::new);

        assertThat(faults(append(one, events)))
                .hasSize(SchemaSettings.defaults().faultsMax());
    }

    @Test
    void anUnknownVersionOfAKnownTypeIsRefused() {
        register(one, 1, ANY_SCORE);

        assertThat(faults(append(one, event(2, "{\"score\":1}"))))
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.code()).isEqualTo("version_unknown");
                    assertThat(fault.found()).isEqualTo("2");
                    assertThat(fault.allowed()).isEqualTo("1");
                });
    }

    @Test
    void anotherNodeHoldsEventsToARegistrationBeforeItTakesTheFirstOne() {
        assertThat(append(two, event(1, "{}"))).isInstanceOf(Appended.Written.class);
        register(one, 1, ANY_SCORE);

        assertThat(faults(append(two, event(1, "{}"))))
                .extracting(PayloadFault::pointer)
                .containsExactly("/score");

        register(one, 2, NewSchema.of(requiring("score", "confidence")).upcastBy(confidence()));
        assertThat(append(two, event(2, "{\"score\":1,\"confidence\":1}"))).isInstanceOf(Appended.Written.class);
        assertThat(append(two, event(1, "{\"score\":1}"))).isInstanceOf(Appended.Written.class);
        assertThat(faults(append(two, event(2, "{\"score\":1}"))))
                .extracting(PayloadFault::pointer)
                .containsExactly("/confidence");
    }

    @Test
    void whatANodeRemembersMayBeBehind() {
        var other = new EventType("lead.lost");
        one.registry().register(context(ACME), other, 1, ANY_SCORE);
        assertThat(append(two, event(1, "{}"))).isInstanceOf(Appended.Written.class);
        register(one, 1, ANY_SCORE);

        assertThat(append(two, event(1, "{\"score\":1}"))).isInstanceOf(Appended.Written.class);
        assertThat(faults(append(two, event(1, "{}"))))
                .extracting(PayloadFault::pointer)
                .containsExactly("/score");
        one.registry().register(context(ACME), new EventType("lead.won"), 1, ANY_SCORE);
        var seen = new NewEvent(ids.next(), new EventType("lead.seen"), 1, "s", json("{}"), ids.now(), null);
        assertThat(append(two, seen)).isInstanceOf(Appended.Written.class);
    }

    @Test
    void anotherNodeReadsByARegistrationAtOnce() {
        append(two, event(1, "{\"score\":3}"));
        assertThat(read(two).getFirst().schemaVersion()).isEqualTo(1);
        register(one, 1, ANY_SCORE);
        assertThat(read(two).getFirst().schemaVersion()).isEqualTo(1);
        register(one, 2, NewSchema.of(requiring("score", "confidence")).upcastBy(confidence()));

        assertThat(read(two)).singleElement().satisfies(event -> {
            assertThat(event.schemaVersion()).isEqualTo(2);
            assertThat(event.payload()).isEqualTo(new Payload.Open(json("{\"score\":3,\"confidence\":0.5}")));
        });
        assertThat(two.log().feed().after(two.log().partition(ACME), 0, 100, 1 << 20))
                .filteredOn(event -> event.type().equals(SCORED))
                .map(Event::schemaVersion)
                .containsExactly(2);
    }

    /// Units go in under what one node knows while the other registers; each is held to what holds in its turn.
    @Test
    void noEventSlipsInBesideARegistration() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var appending = threads.submit(() -> {
                Appended last;
                do {
                    last = append(two, event(1, "{}"));
                } while (last instanceof Appended.Written);
                return last;
            });
            while (read(one).size() < 5) {
                Thread.onSpinWait();
            }
            register(one, 1, ANY_SCORE);
            assertThat(appending.get()).isInstanceOf(Appended.Refused.class);
        }
        long registered = registration();
        assertThat(read(one)).allMatch(event -> event.position().number() < registered);
    }

    private long registration() {
        return one.registry().versions(ACME, SCORED).getFirst().position().number();
    }

    @Test
    void aRegisteredVersionNeverChanges() {
        assertThat(register(one, 1, ANY_SCORE)).isInstanceOf(Registered.Created.class);

        assertThat(register(two, 1, NewSchema.of(requiring("score")))).isInstanceOf(Registered.Unchanged.class);
        assertThat(register(two, 1, NewSchema.of(requiring("other")))).isInstanceOf(Registered.OtherContent.class);
        assertThat(register(one, 1, ANY_SCORE.withExamples(List.of(json("{\"score\":1}")))))
                .isInstanceOf(Registered.OtherContent.class);
        assertThat(one.registry().versions(ACME, SCORED))
                .singleElement()
                .satisfies(version -> assertThat(version.content()).isEqualTo(ANY_SCORE));
    }

    @Test
    void twoNodesThatRegisterOneVersionAtOnceRegisterItOnce() throws Exception {
        var contents = IntStream.range(0, 8)
                .mapToObj(i -> NewSchema.of(requiring("member" + i)))
                .toList();
        var outcomes = new ArrayList<Registered>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var work = IntStream.range(0, 8)
                    .<Callable<Registered>>mapToObj(i -> () -> register(i % 2 == 0 ? one : two, 1, contents.get(i)))
                    .toList();
            for (var running : threads.invokeAll(work)) {
                outcomes.add(running.get());
            }
        }
        assertThat(outcomes).filteredOn(Registered.Created.class::isInstance).hasSize(1);
        assertThat(outcomes)
                .filteredOn(Registered.OtherContent.class::isInstance)
                .hasSize(7);
        assertThat(two.registry().versions(ACME, SCORED)).hasSize(1);
    }

    @Test
    void versionsComeOneBehindTheOtherWithoutAGap() {
        assertThat(register(one, 2, ANY_SCORE)).isEqualTo(new Registered.OutOfOrder(1));
        register(one, 1, ANY_SCORE);
        assertThat(register(one, 3, ANY_SCORE.upcastBy(confidence()))).isEqualTo(new Registered.OutOfOrder(2));
        assertThat(register(one, 0, ANY_SCORE)).isEqualTo(new Registered.OutOfOrder(2));
    }

    @Test
    void aSecondVersionSaysHowToComeToIt() {
        assertThat(faults(register(one, 1, ANY_SCORE.upcastBy(confidence()))))
                .extracting(Registered.Fault::field)
                .containsExactly("upcaster");
        register(one, 1, ANY_SCORE);
        assertThat(faults(register(one, 2, NewSchema.of(requiring("other")))))
                .extracting(Registered.Fault::detail)
                .containsExactly("Events of version 1 need a way to the new one");
    }

    @Test
    void whereThereIsNoWayOldEventsStayWhatTheyAre() {
        register(one, 1, ANY_SCORE);
        append(one, event(1, "{\"score\":1}"));
        register(one, 2, NewSchema.of(requiring("grade")).upcastBy(new RegisteredUpcaster.Impossible()));
        append(one, event(2, "{\"grade\":\"A\"}"));

        assertThat(read(one)).map(Event::schemaVersion).containsExactly(1, 2);
    }

    @Test
    void anUpcasterIsTriedOnTheExamplesOfAllVersionsBefore() {
        register(one, 1, ANY_SCORE.withExamples(List.of(json("{\"score\":1}"), json("{\"score\":2,\"c\":3}"))));
        register(one, 2, NewSchema.of(requiring("score")).upcastBy(patches()));

        assertThat(faults(register(one, 3, NewSchema.of(requiring("score", "c")).upcastBy(patches()))))
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.field()).isEqualTo("upcaster/c");
                    assertThat(fault.detail())
                            .isEqualTo(
                                    "Example 0 of version 1, upcast, is not as the schema says, at /c: it is missing");
                });
        assertThat(faults(register(
                        one,
                        3,
                        NewSchema.of(requiring("score")).upcastBy(patches(Patch.of("rename", "/score", "/c", null))))))
                .singleElement()
                .satisfies(fault -> assertThat(fault.detail())
                        .contains("Example 1 of version 1", "rename /c to /score: something is at /score already"));
        assertThat(register(
                        one,
                        3,
                        NewSchema.of(requiring("score", "c"))
                                .upcastBy(patches(Patch.of("default", "/c", null, json("0"))))))
                .isInstanceOf(Registered.Created.class);
    }

    @Test
    void examplesAreAsTheirSchemaSays() {
        assertThat(faults(register(one, 1, ANY_SCORE.withExamples(List.of(json("{\"score\":1}"), json("{}"))))))
                .singleElement()
                .satisfies(fault -> assertThat(fault.field()).isEqualTo("examples[1]/score"));
    }

    @Test
    void whatIsNoSchemaIsRefused() {
        assertThat(faults(register(one, 1, NewSchema.of(json("{\"broken\":true}")))))
                .containsExactly(new Registered.Fault("schema/broken", "it is broken", null, null));
        assertThat(faults(register(one, 1, NewSchema.of(json("{\"x\":\"" + "y".repeat(70_000) + "\"}")))))
                .extracting(Registered.Fault::detail)
                .containsExactly("The version is too large");
        assertThat(faults(register(one, 1, NewSchema.of(json("[".repeat(60) + "]".repeat(60))))))
                .extracting(Registered.Fault::detail)
                .containsExactly("The schema is nested too deeply");
    }

    @Test
    void aTenantRegistersOnlySoMany() {
        var small = node(new SchemaSettings(UnknownTypes.PASS, 2, 1000, 5));
        register(small, 1, ANY_SCORE);
        assertThat(small.registry().register(context(ACME), new EventType("a.b"), 1, ANY_SCORE))
                .isInstanceOf(Registered.Created.class);

        assertThat(small.registry().register(context(ACME), new EventType("a.c"), 1, ANY_SCORE))
                .isEqualTo(new Registered.TooMany(2));
        assertThat(small.registry().register(context(OTHER), new EventType("a.c"), 1, ANY_SCORE))
                .isInstanceOf(Registered.Created.class);
    }

    @Test
    void cairnsOwnTypesAndThoseOfTheCodeAreReserved() {
        var placed = new EventType("order.placed");
        var embedding = node(new Shared(storage), SchemaSettings.defaults(), List.of(DeclaredType.first(placed)));

        for (var own : List.of("message.added", "Document.stored", "cairn.schema.registered", "cairn")) {
            assertThat(one.registry().register(context(ACME), new EventType(own), 1, ANY_SCORE))
                    .isInstanceOf(Registered.Reserved.class);
        }
        assertThat(embedding.registry().register(context(ACME), placed, 1, ANY_SCORE))
                .isInstanceOf(Registered.Reserved.class);
    }

    @Test
    void aTypeOfTheCodeIsUpcastByFunctionsAndHeldToItsVersions() {
        var placed = new EventType("order.placed");
        append(one, new NewEvent(ids.next(), placed, 1, "s", json("{\"n\":1}"), ids.now(), null));
        append(one, new NewEvent(ids.next(), placed, 3, "s", json("{\"n\":2}"), ids.now(), null));
        var type = new DeclaredType(
                placed,
                2,
                List.of(Upcaster.from(
                        1, json -> json("{\"n\":%d}".formatted(json.path("n").asInt() + 1)))));
        var embedding = node(new Shared(storage), SchemaSettings.defaults(), List.of(type));

        assertThat(read(embedding)).first().satisfies(event -> {
            assertThat(event.schemaVersion()).isEqualTo(2);
            assertThat(event.payload()).isEqualTo(new Payload.Open(json("{\"n\":2}")));
        });
        assertThat(read(embedding).get(1).payload())
                .isEqualTo(new Payload.Unreadable(
                        "order.placed of version 3 cannot be read: this release knows versions 1 to 2; run the"
                                + " one that wrote it"));
        var newer = new NewEvent(ids.next(), placed, 3, "s", json("{}"), ids.now(), null);
        assertThat(faults(append(embedding, newer)))
                .extracting(PayloadFault::code)
                .containsExactly("version_unknown");
    }

    @Test
    void anUpcasterThatFailsCostsOnlyItsEvent() {
        append(one, event(1, "{\"score\":1}"), event(1, "{\"score\":1,\"grade\":\"A\"}"), event(1, "{\"score\":3}"));
        register(one, 1, ANY_SCORE);
        register(
                one,
                2,
                NewSchema.of(requiring("grade")).upcastBy(patches(Patch.of("rename", "/grade", "/score", null))));

        var events = read(one);

        assertThat(events).map(Event::schemaVersion).containsExactly(2, 1, 2);
        assertThat(events.get(1).payload())
                .isEqualTo(new Payload.Unreadable(
                        "lead.scored of version 1 cannot be read as version 2: rename /score to /grade:"
                                + " something is at /grade already"));
    }

    @Test
    void whatWasWrittenBeforeItsTypeWasRegisteredIsStillADuplicate() {
        var early = event(1, "{}");
        append(two, early);
        register(one, 1, ANY_SCORE);

        assertThat(append(two, early)).isInstanceOf(Appended.Duplicate.class);
        assertThat(append(two, early, event(1, "{}"))).isInstanceOf(Appended.Refused.class);
    }

    @Test
    void tenantsKnowNothingOfEachOthersTypes() {
        register(one, 1, ANY_SCORE);

        assertThat(one.log()
                        .append(Unit.of(
                                context(OTHER), new StreamAppend(LEAD, Expected.any(), List.of(event(9, "{}"))))))
                .isInstanceOf(Appended.Written.class);
        assertThat(one.registry().list(OTHER, null, 10)).isEmpty();
    }

    @Test
    void typesAreListedInTheOrderOfTheirNames() {
        for (var name : List.of("b.b", "a.a", "c.c")) {
            one.registry().register(context(ACME), new EventType(name), 1, ANY_SCORE);
        }

        assertThat(two.registry().list(ACME, null, 2))
                .map(versions -> versions.getFirst().type().name())
                .containsExactly("a.a", "b.b");
        assertThat(two.registry().list(ACME, "b.b", 2))
                .map(versions -> versions.getFirst().type().name())
                .containsExactly("c.c");
    }

    @Test
    void anExportCarriesWhatWasRegistered() {
        register(one, 1, ANY_SCORE);
        append(one, event(1, "{\"score\":3}"));
        register(one, 2, NewSchema.of(requiring("confidence")).upcastBy(confidence()));
        var lines = new ArrayList<String>();
        archive(one, storage).export(null, line -> lines.add(line.toString()));

        var memory = new Shared(LogStorage.inMemory(EventLog.tables()), "another");

        var copy = node(memory, SchemaSettings.defaults(), List.of());
        archive(copy, memory).take(context(ACME), lines);

        assertThat(read(copy)).map(Event::schemaVersion).containsExactly(2);
        assertThat(faults(append(copy, event(1, "{}")))).hasSize(1);
    }

    private Archive archive(Node node, LogStorage storage) {
        return new Archive(node.log(), storage, EventLog.tables(), ids);
    }

    private static RegisteredUpcaster confidence() {
        return patches(Patch.of("default", "/confidence", null, json("0.5")));
    }

    private static RegisteredUpcaster patches(Patch... patches) {
        return new RegisteredUpcaster.Patches(List.of(patches));
    }

    private static Registered register(Node node, int version, NewSchema content) {
        return node.registry().register(context(ACME), SCORED, version, content);
    }

    private static Appended append(Node node, NewEvent... events) {
        return node.log().append(Unit.of(context(ACME), new StreamAppend(LEAD, Expected.any(), List.of(events))));
    }

    private static List<Event> read(Node node) {
        return node.log().read(ACME, view -> view.stream(LEAD, 0, 10_000));
    }

    private static List<PayloadFault> faults(Appended outcome) {
        assertThat(outcome).isInstanceOf(Appended.Refused.class);
        return ((Appended.Refused) outcome).faults();
    }

    private static List<Registered.Fault> faults(Registered outcome) {
        assertThat(outcome).isInstanceOf(Registered.Refused.class);
        return ((Registered.Refused) outcome).faults();
    }

    private NewEvent event(int version, String payload) {
        return new NewEvent(UUID.randomUUID(), SCORED, version, "lead/1", json(payload), ids.now(), null);
    }

    private static Context context(Tenant tenant) {
        return new Context(tenant, "tester", "corr");
    }

    private static JsonNode json(String text) {
        return ExactJson.mapper().readTree(text);
    }
}
