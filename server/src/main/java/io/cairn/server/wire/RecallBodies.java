package io.cairn.server.wire;

import io.cairn.client.wire.DenseLeg;
import io.cairn.client.wire.HitKind;
import io.cairn.client.wire.LegScore;
import io.cairn.client.wire.RecallAnswer;
import io.cairn.client.wire.RecallFilters;
import io.cairn.client.wire.RecallRequest;
import io.cairn.client.wire.Scores;
import io.cairn.event.Position;
import io.cairn.knowledge.DocumentId;
import io.cairn.knowledge.NewDocument;
import io.cairn.memory.ConversationId;
import io.cairn.memory.NewMessage;
import io.cairn.passage.Citation;
import io.cairn.passage.FieldValue;
import io.cairn.passage.Kind;
import io.cairn.passage.SourceId;
import io.cairn.recall.Filters;
import io.cairn.recall.Grouping;
import io.cairn.recall.Hit;
import io.cairn.recall.Query;
import io.cairn.recall.Recalled;
import io.cairn.server.http.Field;
import io.cairn.server.http.Json;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.Trouble;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Queries and hits on the wire and in the core.
public final class RecallBodies {
    private static final int LIMIT_DEFAULT = 10;
    private static final int ITEMS_MAX = 100;

    private RecallBodies() {}

    public static Query query(RecallRequest body) {
        var text = Field.of("query").word(body.query(), Query.TEXT_LENGTH_MAX);
        int limit = body.limit() == null ? LIMIT_DEFAULT : body.limit();
        if (limit < 1 || limit > Query.LIMIT_MAX) {
            throw Field.of("limit").invalid(Integer.toString(limit), "1 to " + Query.LIMIT_MAX);
        }
        var threshold = body.threshold();
        if (threshold != null && !(threshold >= 0 && threshold <= 1)) {
            throw Field.of("threshold").invalid(threshold.toString(), "0 to 1");
        }
        var filters = filters(Field.of("filters"), body.filters());
        var position = optional(Field.of("min_position"), body.minPosition(), Position::parse);
        return new Query(
                text,
                limit,
                threshold == null ? OptionalDouble.empty() : OptionalDouble.of(threshold),
                filters,
                Optional.ofNullable(position),
                groupings(Field.of("group_by"), body.groupBy()));
    }

    private static Set<Grouping> groupings(Field field, List<String> names) {
        if (names.isEmpty()) {
            return Set.of();
        }
        var groupings = new HashSet<>(field.each(names, Grouping.values().length, RecallBodies::grouping));
        if (groupings.stream().map(Grouping::kind).distinct().count() < groupings.size()) {
            throw field.invalid(
                    names.toString(), "one of message and session, and one of chunk, section and document, at most");
        }
        return groupings;
    }

    private static Grouping grouping(Field field, String name) {
        return Arrays.stream(Grouping.values())
                .filter(grouping -> grouping.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> field.invalid(
                        "'" + Field.shown(name) + "'", "'message', 'session', 'chunk', 'section' or 'document'"));
    }

    private static Filters filters(Field field, @Nullable RecallFilters filters) {
        return filters == null
                ? Filters.NONE
                : new Filters(
                        kinds(field.at("kinds"), filters.kinds()),
                        sources(field, filters),
                        field.at("source_type").optionalWord(filters.sourceType(), NewDocument.WORD_LENGTH_MAX),
                        DocumentBodies.language(field.at("language"), filters.language()),
                        words(field.at("tags_any"), filters.tagsAny()),
                        words(field.at("tags_all"), filters.tagsAll()),
                        field.at("speaker").optionalWord(filters.speaker(), NewMessage.NAME_LENGTH_MAX),
                        field.at("from").optionalTime(filters.from()),
                        field.at("to").optionalTime(filters.to()),
                        metadata(field.at("metadata"), filters.metadata()),
                        field.at("title").optionalWord(filters.title(), NewDocument.TITLE_LENGTH_MAX));
    }

    private static Set<SourceId> sources(Field field, RecallFilters filters) {
        var sources = new HashSet<SourceId>();
        var conversation = optional(field.at("conversation_id"), filters.conversationId(), ConversationId::new);
        if (conversation != null) {
            sources.add(new SourceId(Kind.MESSAGE, conversation.id()));
        }
        var document = optional(field.at("document_id"), filters.documentId(), DocumentId::new);
        if (document != null) {
            sources.add(new SourceId(Kind.DOCUMENT, document.id()));
        }
        return sources;
    }

    private static <T> @Nullable T optional(Field field, @Nullable String value, Function<String, T> made) {
        return value == null ? null : field.built(value, () -> made.apply(value));
    }

    private static Set<Kind> kinds(Field field, List<HitKind> kinds) {
        return kinds.isEmpty() ? Set.of() : new HashSet<>(field.each(kinds, ITEMS_MAX, RecallBodies::kind));
    }

    private static Kind kind(Field field, HitKind kind) {
        if (kind.equals(HitKind.MESSAGE)) {
            return Kind.MESSAGE;
        } else if (kind.equals(HitKind.DOCUMENT)) {
            return Kind.DOCUMENT;
        }
        throw field.invalid("'" + kind.value() + "'", "'message' or 'document'");
    }

    private static List<String> words(Field field, List<String> words) {
        return words.isEmpty()
                ? List.of()
                : field.each(words, ITEMS_MAX, (at, word) -> at.word(word, NewDocument.WORD_LENGTH_MAX));
    }

    private static Map<String, FieldValue> metadata(Field field, Map<String, @Nullable Object> metadata) {
        if (metadata.size() > ITEMS_MAX) {
            throw field.invalid(metadata.size() + " entries", "at most " + ITEMS_MAX);
        }
        var values = new HashMap<String, FieldValue>();
        Json.node(metadata)
                .properties()
                .forEach(entry -> values.put(
                        field.wellFormed(entry.getKey()),
                        value(field.at(Field.shown(entry.getKey())), entry.getValue())));
        return values;
    }

    private static FieldValue value(Field field, JsonNode value) {
        return FieldValue.of(field.json(value))
                .orElseThrow(() -> field.invalid("neither", "a string, a number, true or false"));
    }

    /// The answer of a recall.
    ///
    /// @throws Refusal if there is none
    public static Recalled.Answer answered(Recalled outcome) {
        return switch (outcome) {
            case Recalled.Answer answer -> answer;
            case Recalled.NotYet(var visible, var retryAfter) ->
                throw Trouble.NOT_VISIBLE_YET
                        .because("What can be found reaches %s; ask again in %d ms, or without min_position"
                                .formatted(visible, retryAfter.toMillis()))
                        .retryAfter(retryAfter);
            case Recalled.PositionMoved(var head) ->
                throw Trouble.POSITION_MOVED.because("min_position is of another log; this one is at " + head);
        };
    }

    public static RecallAnswer wire(Recalled.Answer answer, boolean explain, Duration took) {
        return new RecallAnswer(
                answer.hits().stream().map(hit -> wire(hit, explain)).toList(),
                answer.at().wire(),
                answer.stale(),
                took.toMillis(),
                new DenseLeg(answer.dense().name().toLowerCase(Locale.ROOT)),
                answer.fits());
    }

    private static io.cairn.client.wire.Hit wire(Hit hit, boolean explain) {
        return new io.cairn.client.wire.Hit(
                hit.id(),
                new HitKind(hit.kind().name().toLowerCase(Locale.ROOT)),
                hit.text(),
                hit.score(),
                explain ? scores(hit) : null,
                hit.at(),
                wire(hit.citation()),
                hit.relevance());
    }

    private static Scores scores(Hit hit) {
        var legs = hit.legs().stream()
                .map(leg -> new LegScore(leg.leg(), leg.raw(), leg.rank(), leg.weighted()))
                .toList();
        return new Scores(hit.relevance(), legs, hit.boosts());
    }

    private static io.cairn.client.wire.Citation wire(Citation citation) {
        return switch (citation) {
            case Citation.OfMessage message ->
                new io.cairn.client.wire.Citation(
                        message.conversation(),
                        message.messageId(),
                        null,
                        null,
                        null,
                        null,
                        message.start(),
                        message.end(),
                        null,
                        index(message.chunk()),
                        count(message.chunk()));
            case Citation.OfDocument document ->
                new io.cairn.client.wire.Citation(
                        null,
                        null,
                        document.document(),
                        Math.toIntExact(document.version()),
                        document.title(),
                        document.heading().isEmpty() ? null : String.join(" > ", document.heading()),
                        document.start(),
                        document.end(),
                        document.page(),
                        index(document.chunk()),
                        count(document.chunk()));
        };
    }

    private static @Nullable Integer index(Citation.Chunk chunk) {
        return chunk.count() == 0 ? null : (Integer) chunk.index();
    }

    private static @Nullable Integer count(Citation.Chunk chunk) {
        return chunk.count() == 0 ? null : (Integer) chunk.count();
    }
}
