package io.cairn.memory;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.Times;
import io.cairn.passage.FieldValue;
import io.cairn.passage.Kind;
import io.cairn.passage.Passage;
import io.cairn.passage.PassageChange;
import io.cairn.passage.PassageRef;
import io.cairn.passage.Source;
import io.cairn.passage.SourceId;
import io.cairn.tenant.Tenant;
import io.cairn.text.Chunk;
import io.cairn.text.Chunker;
import io.cairn.text.Language;
import io.cairn.text.Sentences;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Makes passages of messages.
///
/// A message becomes a passage (a very long one several), searched alone and within a window of the messages
/// before it. A window only looks back, so nothing that was indexed changes when the conversation goes on. A
/// session goes on while the pauses are short; it is known by its first message. A message too short to tell its
/// language is taken for one in that of the last message before it which told, if it is not far back.
///
/// What a conversation is about is searched with each of its messages; when it is said anew, they are indexed anew.
final class MessageCutter implements Source.Cutter {
    private static final int WINDOW_BACK = 2;
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH);
    private static final Duration SESSION_PAUSE_MAX = Duration.ofHours(1);

    private static final int WINDOW_TEXT_MAX = 600;
    private static final int REMEMBERED_MAX = 2_000;
    private static final int HEADS_MAX = 100;
    private static final int PAGE = 100;

    /// How many of the events before a description are indexed again with it.
    private static final int DESCRIBED_MAX = 10_000;

    /// So far back a message's window and language are taken from.
    private static final int BACK_MAX = PAGE;

    private final EventLog log;
    private final Chunker chunker;
    private final Function<Tenant, Language> defaultLanguage;
    private final boolean meant;
    private final Map<Place, Tail> tails = new LinkedHashMap<>(16, .75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Tail> eldest) {
            return size() > REMEMBERED_MAX;
        }
    };

    private final Map<Head, String> heads = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Head, String> eldest) {
            return size() > HEADS_MAX;
        }
    };

    private record Head(LocalDate day, String about, String label) {}

    private record Place(Tenant tenant, String conversation) {}

    /// The end of a conversation.
    ///
    /// @param latest message, deleted or not, since the pauses between messages stay
    /// @param messages the last ones that stand and say something, oldest first
    /// @param session in which the latest message is
    /// @param told the last message that told its language
    /// @param about what the conversation is about
    private record Tail(
            @Nullable Message latest,
            List<Message> messages,
            long session,
            @Nullable Told told,
            String about) {
        long last() {
            return latest == null ? 0 : latest.sequence();
        }

        /// The language of the next message if it does not tell it.
        @Nullable
        Language language() {
            return told == null || last() + 1 - told.sequence() > BACK_MAX ? null : told.language();
        }
    }

    private record Told(long sequence, Language language) {
        static @Nullable Told of(Message message) {
            var language = message.language();
            return language == null ? null : new Told(message.sequence(), language);
        }
    }

    MessageCutter(EventLog log, Chunker chunker, Function<Tenant, Language> defaultLanguage, boolean meant) {
        this.log = log;
        this.chunker = chunker;
        this.defaultLanguage = defaultLanguage;
        this.meant = meant;
    }

    @Override
    public List<PassageChange> changes(Event event) {
        if (event.type().equals(Message.ADDED)) {
            return Message.of(event).map(message -> messages(event.tenant(), message, event.version())).stream()
                    .toList();
        }
        if (event.type().equals(ConversationRows.DESCRIBED)) {
            return described(event);
        }
        if (event.type().equals(Message.DELETED)) {
            return event.payload()
                    .needed()
                    .map(json -> without(
                            event, json.required(ConversationRows.SEQUENCE).asLong()))
                    .orElse(List.of());
        }
        if (event.type().equals(ConversationRows.DELETED)) {
            var conversation = event.stream().id();
            tails.remove(new Place(event.tenant(), conversation));
            return List.of(new PassageChange.Remove(event.tenant(), new SourceId(Kind.MESSAGE, conversation)));
        }
        return List.of();
    }

    /// Takes a message out, also of the windows of those that were added after it and before its deletion.
    private List<PassageChange> without(Event deletion, long sequence) {
        var tenant = deletion.tenant();
        var id = new ConversationId(deletion.stream().id());
        tails.remove(new Place(tenant, id.id()));
        var after = standing(tenant, id, sequence, (int) Math.min(BACK_MAX, deletion.version() - 1 - sequence)).stream()
                .limit(WINDOW_BACK)
                .toList();
        return Stream.concat(
                        Stream.concat(Stream.of(sequence), after.stream().map(Message::sequence))
                                .map(number ->
                                        new PassageChange.Remove(tenant, new SourceId(Kind.MESSAGE, id.id()), number)),
                        after.stream().map(message -> messages(tenant, message, deletion.version())))
                .toList();
    }

    /// Words alone tell what a conversation is about; what is embedded stays as it is.
    private List<PassageChange> described(Event description) {
        var tenant = description.tenant();
        var id = new ConversationId(description.stream().id());
        tails.remove(new Place(tenant, id.id()));
        if (meant) {
            return List.of();
        }
        var changes = new ArrayList<PassageChange>();
        long end = description.version() - 1;
        for (long from = Math.max(0, end - DESCRIBED_MAX); from < end; from += PAGE) {
            standing(tenant, id, from, (int) Math.min(PAGE, end - from))
                    .forEach(message -> changes.add(messages(tenant, message, description.version())));
        }
        return changes;
    }

    /// @param asOf the version of the conversation as which it is taken
    private PassageChange messages(Tenant tenant, Message message, long asOf) {
        var before = before(tenant, message, asOf);
        var session = session(before, message);
        remember(tenant, before, message, session);
        var earlier = before.messages().reversed().stream()
                .filter(spoken -> spoken.sequence() >= session && message.sequence() - spoken.sequence() <= BACK_MAX)
                .toList();
        var known = message.language() == null ? before.language() : message.language();
        var language = (known == null ? defaultLanguage.apply(tenant) : known).tag();
        var chunks = chunker.chunk(message.content());
        return new PassageChange.Put(chunks.stream()
                .map(chunk ->
                        message(tenant, message, before.about(), session, language, chunk, chunks.size(), earlier))
                .toList());
    }

    /// @param earlier what was said before in the session, latest first
    private Passage message(
            Tenant tenant,
            Message message,
            String about,
            long session,
            String language,
            Chunk chunk,
            int of,
            List<Message> earlier) {
        return new Passage(
                tenant,
                new PassageRef(
                        Kind.MESSAGE,
                        message.conversation().id(),
                        message.sequence(),
                        chunk.index(),
                        chunk.start(),
                        chunk.end(),
                        message.speaker(),
                        session,
                        Times.micros(message.at()),
                        language,
                        List.of(),
                        of),
                head(message, about),
                Stream.concat(Stream.of(chunk.text()), earlier.stream().map(said -> shortened(said.content())))
                        .toList(),
                meant ? meanings(message, chunk, earlier) : List.of(),
                null,
                null,
                List.of(),
                FieldValue.ofFields(message.metadata()));
    }

    /// The same object for one speaker on one day, as long as it is remembered.
    private String head(Message message, String about) {
        var day = message.at().atOffset(ZoneOffset.UTC).toLocalDate();
        return heads.computeIfAbsent(
                new Head(day, about, labelled(message, "")),
                head -> DAY.format(day) + ", " + (about.isEmpty() ? "" : about + ", ") + head.label());
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

    private Tail before(Tenant tenant, Message message, long asOf) {
        var known = tails.get(new Place(tenant, message.conversation().id()));
        return known != null && known.last() == message.sequence() - 1 ? known : read(tenant, message, asOf);
    }

    private Tail read(Tenant tenant, Message message, long asOf) {
        if (asOf == 1) {
            return new Tail(null, List.of(), 0, null, "");
        }
        var about = meant
                ? ""
                : log.read(tenant, view -> Standing.described(view, message.conversation(), asOf))
                        .words();
        long from = Math.max(0, message.sequence() - 1 - BACK_MAX);
        int count = (int) (message.sequence() - 1 - from);
        var messages = page(tenant, message, from, count);
        if (messages.isEmpty()) {
            return new Tail(null, List.of(), 0, null, about);
        }
        var told = messages.reversed().stream()
                .flatMap(said -> Stream.ofNullable(Told.of(said)))
                .findFirst()
                .orElse(null);
        return new Tail(
                messages.getLast(),
                last(standing(tenant, message.conversation(), messages, from, count)),
                sessionOf(tenant, messages.getLast()),
                told,
                about);
    }

    private List<Message> standing(Tenant tenant, ConversationId id, long after, int count) {
        return standing(tenant, id, page(tenant, id, after, count), after, count);
    }

    private List<Message> standing(Tenant tenant, ConversationId id, List<Message> said, long after, int count) {
        var deleted = log.read(tenant, view -> Standing.deleted(view, id, after, count));
        return said.stream()
                .filter(message -> !deleted.contains(message.sequence())
                        && !message.content().isEmpty())
                .toList();
    }

    private static List<Message> last(List<Message> messages) {
        return messages.subList(Math.max(0, messages.size() - WINDOW_BACK), messages.size());
    }

    private static long session(Tail before, Message message) {
        return before.latest() == null || pause(before.latest().at(), message.at())
                ? message.sequence()
                : before.session();
    }

    /// Walks back to the first message of the session in which a message stands.
    private long sessionOf(Tenant tenant, Message message) {
        var later = message;
        long to = message.sequence() - 1;
        while (to > 0) {
            long from = Math.max(0, to - PAGE);
            for (var earlier : page(tenant, message, from, (int) (to - from)).reversed()) {
                if (pause(earlier.at(), later.at())) {
                    return later.sequence();
                }
                later = earlier;
            }
            to = from;
        }
        return later.sequence();
    }

    private List<Message> page(Tenant tenant, Message of, long after, int count) {
        return page(tenant, of.conversation(), after, count);
    }

    private List<Message> page(Tenant tenant, ConversationId id, long after, int count) {
        return count == 0
                ? List.of()
                : log.<List<Event>>read(tenant, view -> view.stream(id.stream(), after, count)).stream()
                        .flatMap(event -> Message.of(event).stream())
                        .toList();
    }

    private void remember(Tenant tenant, Tail before, Message message, long session) {
        var messages = Stream.concat(before.messages().stream(), Stream.of(message))
                .filter(said -> !said.content().isEmpty())
                .toList();
        var told = Told.of(message);
        tails.put(
                new Place(tenant, message.conversation().id()),
                new Tail(message, last(messages), session, told == null ? before.told() : told, before.about()));
    }

    private static boolean pause(Instant earlier, Instant later) {
        return Duration.between(earlier, later).compareTo(SESSION_PAUSE_MAX) > 0;
    }

    static String labelled(Message message, String text) {
        return (message.speaker() == null ? message.role() : message.speaker()) + ": " + text;
    }

    private static String shortened(String text) {
        return text.length() <= WINDOW_TEXT_MAX
                ? text
                : text.substring(0, text.offsetByCodePoints(0, text.codePointCount(0, WINDOW_TEXT_MAX) - 1));
    }
}
