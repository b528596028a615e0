package io.cairn.server.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.cairn.archive.Archive;
import io.cairn.archive.LogCopy;
import io.cairn.bus.Endpoints;
import io.cairn.bus.Hook;
import io.cairn.bus.Hooks;
import io.cairn.bus.Sender;
import io.cairn.bus.SignatureStyle;
import io.cairn.bus.Taken;
import io.cairn.bus.Wanted;
import io.cairn.bus.WebhookSecret;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.EventPattern;
import io.cairn.event.EventType;
import io.cairn.event.ExactJson;
import io.cairn.event.Expected;
import io.cairn.event.ForwardingStorage;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.event.NewEvent;
import io.cairn.event.Payload;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.knowledge.Document;
import io.cairn.knowledge.DocumentId;
import io.cairn.knowledge.Documents;
import io.cairn.knowledge.Extraction;
import io.cairn.knowledge.NewDocument;
import io.cairn.knowledge.Part;
import io.cairn.knowledge.Parts;
import io.cairn.knowledge.TextExtractor;
import io.cairn.lease.LeaseSettings;
import io.cairn.lease.Leases;
import io.cairn.memory.Conversation;
import io.cairn.memory.ConversationId;
import io.cairn.memory.Conversations;
import io.cairn.memory.Message;
import io.cairn.memory.NewMessage;
import io.cairn.schema.DeclaredType;
import io.cairn.schema.EventSchemas;
import io.cairn.schema.JsonSchemas;
import io.cairn.schema.NewSchema;
import io.cairn.schema.Patch;
import io.cairn.schema.RegisteredUpcaster;
import io.cairn.schema.SchemaRegistry;
import io.cairn.schema.SchemaSettings;
import io.cairn.schema.SchemaVersion;
import io.cairn.seal.MasterKey;
import io.cairn.task.Lane;
import io.cairn.task.NewTask;
import io.cairn.task.Outcome;
import io.cairn.task.Run;
import io.cairn.task.TaskEngine;
import io.cairn.task.TaskMeter;
import io.cairn.task.TaskSettings;
import io.cairn.task.TaskType;
import io.cairn.task.TaskTypes;
import io.cairn.task.Tasks;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import io.cairn.text.Language;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// The payloads of Cairn's own events, as each version was written: what is in somebody's log can be read for ever.
///
/// A golden file holds the payloads of one version of a type, such as `golden/message.added.1.json`. It is never
/// changed once it was released: whoever changes what is written raises the type's version, adds an upcaster and a
/// file.
class GoldenPayloadsTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "io", "cairn", "server", "wiring", "golden");
    private static final Tenant ACME = new Tenant("acme");
    private static final Context CONTEXT = new Context(ACME, "tester", "corr");

    private static final String UUID = "\"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\"";
    private static final String SECRET = "golden secret of sixteen letters and more";

    private final Ids ids =
            new Ids(Clock.fixed(Instant.parse("2026-01-02T03:04:05.123456Z"), ZoneOffset.UTC), new SecureRandom());
    private final LogStorage storage = LogStorage.inMemory(CairnFeatures.ALL.tables());
    private EventLog log;

    @BeforeEach
    void start() {
        var random = new SecureRandom();
        log = EventLog.on(storage)
                .sealedWith(MasterKey.random(random))
                .inline(CairnFeatures.ALL.inline())
                .ids(ids)
                .random(random)
                .start();
    }

    @AfterEach
    void stop() {
        log.close();
    }

    private static List<DeclaredType> declared() {
        return CairnFeatures.ALL.types().stream().toList();
    }

    @Test
    void everyTypeThatTheCodeNamesIsDeclared() {
        var named = new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .withImportOption(
                                location -> !location.contains("test-classes") && !location.contains("-tests.jar"))
                        .importPackages("io.cairn")
                        .stream()
                        .flatMap(type -> type.getFields().stream())
                        .filter(field -> field.getModifiers().contains(JavaModifier.STATIC)
                                && field.getRawType().isEquivalentTo(EventType.class))
                        .map(field -> value(field.reflect()))
                        .collect(Collectors.toSet());
        Stream.of(Endpoints.Happened.values()).map(Endpoints.Happened::type).forEach(named::add);
        assertThat(declared())
                .as("Whoever adds a type of events declares it in its feature's types(), see CairnFeatures")
                .map(DeclaredType::type)
                .containsExactlyInAnyOrderElementsOf(named);
    }

    private static EventType value(Field field) {
        try {
            field.setAccessible(true);
            return (EventType) field.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void everyVersionHasAGoldenFile() throws IOException {
        var wanted = declared().stream()
                .flatMap(type -> Stream.iterate(1, version -> version <= type.newest(), version -> version + 1)
                        .map(version -> file(type.type(), version)))
                .collect(Collectors.toSet());
        try (var files = Files.list(GOLDEN)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(wanted);
        }
    }

    @Test
    void whatIsWrittenTodayIsWhatTheGoldenFilesSay() {
        var written = new TreeMap<String, JsonNode>();
        written().forEach((type, payloads) -> {
            var array = JsonNodeFactory.instance.arrayNode();
            payloads.forEach(array::add);
            var newest = declared().stream()
                    .filter(known -> known.type().equals(type))
                    .findFirst()
                    .orElseThrow()
                    .newest();
            written.put(file(type, newest), array);
        });
        assertThat(written.keySet()).hasSize(declared().size());
        written.forEach((file, payloads) -> assertThat(payloads)
                .as(
                        "%s is no more what is written: raise the type's version, add an upcaster and a new file;"
                                + " today it would be\n"
                                + "%s",
                        file,
                        JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(payloads))
                .isEqualTo(golden(file)));
    }

    /// Everything that can be in a payload, and then as little as possible.
    private Map<EventType, List<JsonNode>> written() {
        var german = new Language("de");
        var conversations = new Conversations(log, text -> Optional.of(german), ids);
        var plainly = new Conversations(log, text -> Optional.empty(), ids);
        var chat = new ConversationId("c-1");
        var metadata = JsonNodeFactory.instance.objectNode().put("channel", "mail");
        conversations.add(
                CONTEXT,
                chat,
                List.of(new NewMessage(
                        "m-1", "user", "Ana", "Grüße 👋", Instant.parse("2026-01-01T00:00:00Z"), metadata)));
        plainly.add(CONTEXT, chat, List.of(NewMessage.of("m-2", "assistant", "1.50")));
        var call = JsonNodeFactory.instance.objectNode().put("id", "call-1");
        plainly.add(
                CONTEXT,
                chat,
                List.of(
                        new NewMessage("m-3", "assistant", null, "", null, metadata, null, List.of(call), null),
                        new NewMessage("m-4", "tool", null, "", null, metadata, null, List.of(), "call-1")));
        conversations.describe(CONTEXT, chat, new Conversation.Description("Trails", metadata));
        conversations.describe(CONTEXT, chat, Conversation.Description.NONE);
        conversations.delete(CONTEXT, chat, "m-1");
        conversations.delete(CONTEXT, chat);
        store();
        register();
        webhooks();
        discard();
        new Archive(log, storage, CairnFeatures.ALL.tables(), ids)
                .take(
                        CONTEXT,
                        List.of(
                                "{\"kind\":\"end\",\"epoch\":\"other\",\"position\":\"other-0-7\",\"chain\":\"00ff\"}"));
        return Stream.of(log.read(ACME, view -> view.after(0, 1000)), copyRecords())
                .flatMap(List::stream)
                .collect(Collectors.groupingBy(
                        Event::type, Collectors.mapping(GoldenPayloadsTest::withoutHashes, Collectors.toList())));
    }

    /// What a copy of an empty log tells of itself, but for what an import tells too.
    private List<Event> copyRecords() {
        var empty = LogStorage.inMemory(CairnFeatures.ALL.tables());
        var source = new ForwardingStorage() {
            @Override
            public LogStorage storage() {
                return empty;
            }

            @Override
            public String epoch() {
                return "other";
            }
        };
        try (var target = new EventLogOnItsOwn(ids.clock())) {
            new LogCopy(source, target.storage, target.log, CairnFeatures.ALL.tables(), target.ids)
                    .run(List.of(), (step, done, total) -> {});
            return target.log.feed().after(0, 0, 1, 1);
        }
    }

    private void store() {
        var id = new DocumentId("d-1");
        var documents = new Documents(log, TextExtractor.plainText(), text -> Optional.empty(), ids);
        var metadata = JsonNodeFactory.instance.objectNode().put("page_count", 3);
        documents.put(
                CONTEXT,
                new NewDocument(
                        id,
                        "Trails",
                        "# Trail\n\nA cairn marks it.".getBytes(UTF_8),
                        "text/plain",
                        null,
                        "wiki",
                        new Language("en"),
                        List.of("hiking", "stones"),
                        metadata,
                        Instant.parse("2026-01-01T00:00:00Z")),
                OptionalLong.empty());
        documents.put(
                CONTEXT,
                new NewDocument(
                        id,
                        null,
                        "other".getBytes(UTF_8),
                        null,
                        null,
                        null,
                        null,
                        List.of(),
                        JsonNodeFactory.instance.objectNode(),
                        null),
                OptionalLong.empty());
        documents.delete(CONTEXT, id);
        documents.put(
                CONTEXT,
                new NewDocument(
                        id,
                        null,
                        "again".getBytes(UTF_8),
                        null,
                        null,
                        null,
                        null,
                        List.of(),
                        JsonNodeFactory.instance.objectNode(),
                        null,
                        true),
                OptionalLong.empty());
        new Documents(log, new OneWithin(), text -> Optional.empty(), ids)
                .put(CONTEXT, NewDocument.plain(new DocumentId("a.box"), null, OneWithin.BOX), OptionalLong.empty());
    }

    /// Reads one file in which there are two, of which one is empty.
    private static final class OneWithin implements TextExtractor {
        private static final String BOX = "box";

        @Override
        public Extraction extract(byte[] content, @Nullable String mediaType, @Nullable String fileName) {
            return new String(content, UTF_8).equals(BOX)
                    ? new Extraction.Extracted("a.txt\nb.txt", List.of(), null, "text/box", Map.of(), List.of(), true)
                    : TextExtractor.plainText().extract(content, mediaType, fileName);
        }

        @Override
        public Parts unpack(byte[] content, @Nullable String mediaType, @Nullable String fileName) {
            return new Parts.Found(
                    List.of(new Part("a.txt", "within".getBytes(UTF_8), null), new Part("b.txt", new byte[0], null)));
        }
    }

    /// What is told of an endpoint, and a webhook that comes in as text and one that does not.
    private void webhooks() {
        var endpoints = new Endpoints(log, new Accepting(), ids, new Random(1), Duration.ofDays(1));
        var url = URI.create("https://example.org/cairn");
        endpoints.create(CONTEXT, url, new Wanted(new EventPattern("order.*"), Map.of()), null);
        var id = endpoints.list(ACME).getFirst().id();
        endpoints.change(CONTEXT, id, URI.create("https://example.org/other"), null);
        endpoints.rotate(CONTEXT, id, null);
        endpoints.disable(CONTEXT, id, "It answers nothing.");
        endpoints.enable(CONTEXT, id);
        endpoints.delete(CONTEXT, id);
        var hook = new Hook(
                "github", ACME, SignatureStyle.GITHUB, List.of(new WebhookSecret(SECRET)), Hook.USUAL_TOLERANCE);
        var types = new TaskTypes(
                List.of(Lane.parallel("hooks", 1)),
                List.of(Hooks.taskType(hook, "hooks", () -> log, (webhook, execution) -> Outcome.done())));
        var hooks = new Hooks(log, new Tasks(log, types, TaskSettings.defaults(), ids), ids, List.of(hook));
        take(hooks, "d-1", "{\"pushed\":true}".getBytes(UTF_8));
        take(hooks, "d-2", new byte[] {-1, 0, 1});
    }

    private static void take(Hooks hooks, String delivery, byte[] body) {
        var headers = Map.of(
                "x-github-delivery", delivery, "x-github-event", "push", "x-hub-signature-256", "sha256=" + mac(body));
        assertThat(hooks.take(
                        "github", name -> Stream.ofNullable(headers.get(name)).toList(), body, "corr", () -> {}))
                .isInstanceOf(Taken.Durable.class);
    }

    private static String mac(byte[] body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Refuses no target, and sends nothing.
    private static final class Accepting implements Sender {
        @Override
        public Optional<String> refusal(URI target) {
            return Optional.empty();
        }

        @Override
        public Sent send(Request request) {
            throw new IllegalStateException("Nothing was to be sent to " + request.target());
        }

        @Override
        public void close() {}
    }

    private void discard() {
        var types = new TaskTypes(
                List.of(Lane.parallel("things", 1)),
                List.of(TaskType.of("thing.do", "things", execution -> Outcome.dead("It is broken."))));
        var tasks = new Tasks(log, types, TaskSettings.defaults(), ids);
        try (var leases = new Leases(log, "node", LeaseSettings.defaults(), System::nanoTime);
                var engine = new TaskEngine(
                        log, leases, tasks, ids, new Random(1), System::nanoTime, TaskMeter.none(), Run::run)) {
            var task = NewTask.of(ids.next(), "thing.do", JsonNodeFactory.instance.objectNode());
            var id = tasks.submit(CONTEXT, task).id();
            finish(engine);
            tasks.discard(CONTEXT, id);
            finish(engine);
        }
    }

    private static void finish(TaskEngine engine) {
        boolean worked;
        do {
            worked = engine.step();
        } while (worked);
    }

    private void register() {
        var registry = new SchemaRegistry(
                log,
                new EventSchemas(
                        JsonSchemas.trusting(),
                        CairnFeatures.ALL.types(),
                        CairnFeatures.ALL.reserved(),
                        SchemaSettings.defaults()),
                ids);
        var schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        var type = new EventType("lead.scored");
        registry.register(CONTEXT, type, 1, new NewSchema(schema, null, List.of(schema), "A lead."));
        registry.register(
                CONTEXT,
                type,
                2,
                NewSchema.of(schema)
                        .upcastBy(new RegisteredUpcaster.Patches(List.of(
                                Patch.of("set", "/a", null, schema),
                                Patch.of("default", "/b", null, JsonNodeFactory.instance.numberNode(1)),
                                Patch.of("rename", "/d", "/c", null),
                                Patch.of("remove", "/e", null, null)))));
        registry.register(CONTEXT, type, 3, NewSchema.of(schema).upcastBy(new RegisteredUpcaster.Impossible()));
    }

    /// Fingerprints and addresses follow from a key that each installation has for itself.
    private static JsonNode withoutHashes(Event event) {
        var json = ((Payload.Open) event.payload()).json().toString();
        return ExactJson.mapper()
                .readTree(json.replaceAll("\"[0-9a-f]{64}\"", "\"HASH\"").replaceAll(UUID, "\"ID\""));
    }

    @Test
    void everyGoldenPayloadCanBeRead() {
        for (var type : declared()) {
            for (int version = 1; version <= type.newest(); version++) {
                for (var payload : golden(file(type.type(), version))) {
                    assertThat(read(type.type(), version, payload))
                            .as("%s %d: %s", type.type(), version, payload)
                            .isTrue();
                }
            }
        }
    }

    /// By whoever reads such events in a whole Cairn.
    private boolean read(EventType type, int version, JsonNode payload) {
        try (var reading = new EventLogOnItsOwn(ids.clock())) {
            var event = reading.appended(type, version, payload);
            return switch (type.name()) {
                case "message.added" -> Message.of(event).isPresent();
                case "document.stored" -> Document.of(event).isPresent();
                case "cairn.schema.registered" -> reading.registered();
                default -> event.payload() instanceof Payload.Open;
            };
        }
    }

    /// A log with one event of Cairn's own.
    private static final class EventLogOnItsOwn implements AutoCloseable {
        private final EventSchemas schemas = new EventSchemas(
                JsonSchemas.trusting(),
                CairnFeatures.ALL.types(),
                CairnFeatures.ALL.reserved(),
                SchemaSettings.defaults());
        private final LogStorage storage = LogStorage.inMemory(CairnFeatures.ALL.tables());
        private final EventLog log;
        private final Ids ids;

        EventLogOnItsOwn(Clock clock) {
            var random = new SecureRandom();
            ids = new Ids(clock, random);
            log = EventLog.on(storage)
                    .sealedWith(MasterKey.random(random))
                    .inline(CairnFeatures.ALL.inline())
                    .upcasting(schemas)
                    .ids(ids)
                    .random(random)
                    .start();
        }

        Event appended(EventType type, int version, JsonNode payload) {
            var stream = type.equals(SchemaVersion.REGISTERED)
                    ? new StreamId("cairn.schemas", "types")
                    : new StreamId("thing", "1");
            var event = new NewEvent(ids.next(), type, version, "s", payload, ids.now(), null);
            log.append(Unit.of(CONTEXT, new StreamAppend(stream, Expected.any(), List.of(event))));
            return log.read(ACME, view -> view.stream(stream, 0, 1).getFirst());
        }

        boolean registered() {
            return !new SchemaRegistry(log, schemas, ids).list(ACME, null, 10).isEmpty();
        }

        @Override
        public void close() {
            log.close();
        }
    }

    private static String file(EventType type, int version) {
        return "%s.%d.json".formatted(type, version);
    }

    private static JsonNode golden(String file) {
        try {
            return ExactJson.mapper().readTree(Files.readString(GOLDEN.resolve(file)));
        } catch (IOException e) {
            throw new UncheckedIOException("There is no golden file " + file, e);
        }
    }
}
