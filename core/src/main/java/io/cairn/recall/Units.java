package io.cairn.recall;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.Times;
import io.cairn.knowledge.Chunk;
import io.cairn.knowledge.Chunker;
import io.cairn.knowledge.Document;
import io.cairn.knowledge.Documents;
import io.cairn.knowledge.Language;
import io.cairn.memory.ConversationRows;
import io.cairn.memory.Message;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Works out from an event what changes in an index; the same log always gives the same units.
///
/// A message becomes a unit (a very long one several), searched alone and within a window of the messages
/// before it. A window only looks back, so nothing that was indexed changes when the conversation goes on. A
/// session goes on while the pauses are short; it is known by its first message.
///
/// Not for concurrent use: each follower has its own.
public final class Units {
    private static final int WINDOW_BACK = 2;
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH);
    private static final Duration SESSION_PAUSE_MAX = Duration.ofHours(1);

    private static final int WINDOW_TEXT_MAX = 600;
    private static final int REMEMBERED_MAX = 2_000;
    private static final int HEADS_MAX = 100;
    private static final int PAGE = 100;

    private final EventLog log;
    private final Documents documents;
    private final Chunker chunker;
    private final Function<Tenant, Language> defaultLanguage;
    private IntConsumer counted = units -> {};
    private boolean meant = true;
    private final Map<Source, Tail> tails = new LinkedHashMap<>(16, .75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Source, Tail> eldest) {
            return size() > REMEMBERED_MAX;
        }
    };

    private final Map<Head, String> heads = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Head, String> eldest) {
            return size() > HEADS_MAX;
        }
    };

    private record Head(LocalDate day, String label) {}

    private record Source(Tenant tenant, String conversation) {}

    /// The end of a conversation: its last messages, oldest first, and the session they are in.
    private record Tail(List<Message> messages, long session) {
        long last() {
            return messages.isEmpty() ? 0 : messages.getLast().sequence();
        }
    }

    /// @param defaultLanguage of a tenant's texts whose language could not be told
    public Units(EventLog log, Documents documents, Chunker chunker, Function<Tenant, Language> defaultLanguage) {
        this.log = log;
        this.documents = documents;
        this.chunker = chunker;
        this.defaultLanguage = defaultLanguage;
    }

    /// Tells how many units each event brings.
    public Units countedBy(IntConsumer counter) {
        counted = counter;
        return this;
    }

    /// Leaves out what units mean, for an index of words: finding sentences takes longer than all the rest.
    public Units withoutMeanings() {
        meant = false;
        return this;
    }

    public List<IndexChange> changes(Event event) {
        var changes = changesOf(event);
        counted.accept(
                changes.stream().mapToInt(change -> change.units().size()).sum());
        return changes;
    }

    private List<IndexChange> changesOf(Event event) {
        if (event.type().equals(Message.ADDED)) {
            return Message.of(event).map(message -> messages(event.tenant(), message)).stream()
                    .toList();
        }
        if (event.type().equals(Document.STORED)) {
            var source = event.stream().id();
            return Stream.concat(
                            Stream.of(new IndexChange.Remove(event.tenant(), Kind.DOCUMENT, source)),
                            Document.of(event).stream().flatMap(document -> chunks(event, document)))
                    .toList();
        }
        if (event.type().equals(Document.DELETED)) {
            return List.of(new IndexChange.Remove(
                    event.tenant(), Kind.DOCUMENT, event.stream().id()));
        }
        if (event.type().equals(ConversationRows.DELETED)) {
            tails.remove(new Source(event.tenant(), event.stream().id()));
            return List.of(new IndexChange.Remove(
                    event.tenant(), Kind.MESSAGE, event.stream().id()));
        }
        return List.of();
    }

    private IndexChange messages(Tenant tenant, Message message) {
        var before = before(tenant, message);
        var session = session(tenant, before, message);
        remember(tenant, before, message, session);
        var earlier = before.messages().reversed().stream()
                .filter(spoken -> spoken.sequence() >= session)
                .toList();
        return new IndexChange.Put(chunker.chunk(message.content()).stream()
                .map(chunk -> message(tenant, message, session, chunk, earlier))
                .toList());
    }

    /// @param earlier what was said before in the session, latest first
    private IndexUnit message(Tenant tenant, Message message, long session, Chunk chunk, List<Message> earlier) {
        return new IndexUnit(
                tenant,
                new UnitRef(
                        Kind.MESSAGE,
                        message.conversation().id(),
                        message.sequence(),
                        chunk.index(),
                        chunk.start(),
                        chunk.end(),
                        message.speaker(),
                        session,
                        Times.micros(message.at()),
                        language(tenant, message.language()),
                        List.of()),
                head(message),
                Stream.concat(Stream.of(chunk.text()), earlier.stream().map(said -> shortened(said.content())))
                        .toList(),
                meant ? meanings(message, chunk, earlier) : List.of(),
                null,
                List.of(),
                texts(message.metadata()));
    }

    /// The same object for one speaker on one day, as long as it is remembered.
    private String head(Message message) {
        var day = message.at().atOffset(ZoneOffset.UTC).toLocalDate();
        return heads.computeIfAbsent(
                new Head(day, labelled(message, "")), head -> DAY.format(day) + ", " + head.label());
    }

    /// Its sentences, and its window.
    private static List<List<String>> meanings(Message message, Chunk chunk, List<Message> earlier) {
        var sentences = Sentences.of(chunk.text()).stream()
                .map(sentence -> labelled(message, sentence))
                .toList();
        var window = Stream.concat(
                        Stream.of(labelled(message, chunk.text())),
                        earlier.stream().map(said -> labelled(said, shortened(said.content()))))
                .collect(Collectors.joining("\n"));
        return List.of(sentences, List.of(window));
    }

    private Stream<IndexChange> chunks(Event event, Document document) {
        var text = documents.text(event.tenant(), document);
        if (text.isEmpty()) {
            return Stream.of();
        }
        var units = chunker.chunk(text.get(), document.headings()).stream()
                .map(chunk -> chunk(event.tenant(), document, chunk))
                .toList();
        return Stream.of(new IndexChange.Put(units));
    }

    private IndexUnit chunk(Tenant tenant, Document document, Chunk chunk) {
        var at = document.at();
        var header = Stream.concat(Stream.ofNullable(document.title()), chunk.headingPath().stream())
                .distinct()
                .collect(Collectors.joining(" › "));
        var text = header.isEmpty() ? chunk.text() : header + "\n" + chunk.text();
        return new IndexUnit(
                tenant,
                new UnitRef(
                        Kind.DOCUMENT,
                        document.id().id(),
                        document.version(),
                        chunk.index(),
                        chunk.start(),
                        chunk.end(),
                        null,
                        0,
                        at == null ? null : Times.micros(at),
                        language(tenant, document.language()),
                        chunk.headingPath()),
                null,
                List.of(text),
                meant ? List.of(List.of(text)) : List.of(),
                document.sourceType(),
                document.tags(),
                texts(document.metadata()));
    }

    private Tail before(Tenant tenant, Message message) {
        var known = tails.get(new Source(tenant, message.conversation().id()));
        return known != null && known.last() == message.sequence() - 1 ? known : read(tenant, message);
    }

    private Tail read(Tenant tenant, Message message) {
        long from = Math.max(0, message.sequence() - 1 - WINDOW_BACK);
        var messages = page(tenant, message, from, (int) (message.sequence() - 1 - from));
        return new Tail(messages, messages.isEmpty() ? 0 : sessionOf(tenant, messages.getLast()));
    }

    private long session(Tenant tenant, Tail before, Message message) {
        return before.messages().isEmpty() || pause(before.messages().getLast().at(), message.at())
                ? message.sequence()
                : before.session();
    }

    /// Walks back to the first message of the session in which a message stands.
    private long sessionOf(Tenant tenant, Message message) {
        var later = message;
        while (later.sequence() > 1) {
            long from = Math.max(0, later.sequence() - 1 - PAGE);
            for (var earlier : page(tenant, message, from, (int) (later.sequence() - 1 - from))
                    .reversed()) {
                if (pause(earlier.at(), later.at())) {
                    return later.sequence();
                }
                later = earlier;
            }
        }
        return later.sequence();
    }

    private List<Message> page(Tenant tenant, Message of, long after, int count) {
        return count == 0
                ? List.of()
                : log.<List<Event>>read(tenant, view -> view.stream(of.conversation().stream(), after, count)).stream()
                        .flatMap(event -> Message.of(event).stream())
                        .toList();
    }

    private void remember(Tenant tenant, Tail before, Message message, long session) {
        var messages = Stream.concat(before.messages().stream(), Stream.of(message))
                .skip(Math.max(0, before.messages().size() + 1 - WINDOW_BACK))
                .toList();
        tails.put(new Source(tenant, message.conversation().id()), new Tail(messages, session));
    }

    private static boolean pause(Instant earlier, Instant later) {
        return Duration.between(earlier, later).compareTo(SESSION_PAUSE_MAX) > 0;
    }

    private String language(Tenant tenant, @Nullable Language known) {
        return (known == null ? defaultLanguage.apply(tenant) : known).tag();
    }

    private static String labelled(Message message, String text) {
        return (message.speaker() == null ? message.role() : message.speaker()) + ": " + text;
    }

    private static String shortened(String text) {
        return text.length() <= WINDOW_TEXT_MAX
                ? text
                : text.substring(0, text.offsetByCodePoints(0, text.codePointCount(0, WINDOW_TEXT_MAX) - 1));
    }

    private static Map<String, String> texts(JsonNode metadata) {
        var texts = new HashMap<String, String>();
        metadata.properties().forEach(field -> {
            if (field.getValue().isValueNode() && !field.getValue().isNull()) {
                texts.put(field.getKey(), field.getValue().asString());
            }
        });
        return texts;
    }
}
