package io.cairn.adapter.sql;

import io.cairn.event.Times;
import io.cairn.passage.FieldValue;
import io.cairn.passage.Kind;
import io.cairn.recall.Filters;
import io.cairn.recall.SpeakerNames;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The condition under which a row is one of a tenant's passages that pass the filters.
///
/// @param condition in SQL
/// @param arguments its parameters
record PgvectorFilter(String condition, List<Object> arguments) {
    /// Metadata longer than this is not filtered by.
    private static final int METADATA_LENGTH_MAX = 10_000;

    /// The condition; empty if no passage can pass.
    static Optional<PgvectorFilter> of(Tenant tenant, Filters filters) {
        if (!texts(filters).allMatch(PgvectorFilter::storable)
                || !filters.metadata().values().stream().allMatch(PgvectorFilter::storable)) {
            return Optional.empty();
        }
        var made = new Builder().and("tenant = ?", tenant.id());
        if (!filters.kinds().isEmpty()) {
            made.and(
                    "kind = ANY (?::text[])",
                    filters.kinds().stream().map(Kind::name).toArray(String[]::new));
        }
        for (var source : filters.sources()) {
            made.and("kind = ?", source.kind().name()).and("source = ?", source.id());
        }
        made.and("title = ?", filters.title());
        made.and("source_type = ?", filters.sourceType());
        made.and(
                "language = ?",
                filters.language() == null ? null : filters.language().tag());
        made.and("tags && ?::text[]", array(filters.tagsAny()));
        made.and("tags @> ?::text[]", array(filters.tagsAll()));
        made.and("speaker = ?", filters.speaker() == null ? null : SpeakerNames.folded(filters.speaker()));
        made.and("at >= ?", filters.from() == null ? null : Times.micros(filters.from()));
        made.and("at < ?", filters.to() == null ? null : Times.micros(filters.to()));
        made.and("metadata @> ?::jsonb", filters.metadata().isEmpty() ? null : json(filters.metadata()));
        return Optional.of(new PgvectorFilter(String.join(" AND ", made.conditions), List.copyOf(made.arguments)));
    }

    /// The parameters of a whole statement: those before the condition, its own, and those behind it.
    Object[] between(List<Object> before, Object... behind) {
        return Stream.of(before.stream(), arguments.stream(), Stream.of(behind))
                .flatMap(some -> some)
                .toArray();
    }

    /// Metadata as JSON, without the fields that the database cannot hold.
    static String json(Map<String, FieldValue> metadata) {
        return JsonMapper.shared()
                .writeValueAsString(metadata.entrySet().stream()
                        .filter(field -> storable(field.getKey()) && storable(field.getValue()))
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, field -> field.getValue().json())));
    }

    private static boolean storable(FieldValue value) {
        return switch (value) {
            case FieldValue.Text(var text) -> storable(text);
            case FieldValue.Number(var number) ->
                Math.max(number.precision(), Math.abs((long) number.scale())) <= METADATA_LENGTH_MAX;
            case FieldValue.Truth truth -> true;
        };
    }

    private static Stream<String> texts(Filters filters) {
        return Stream.of(
                        Stream.ofNullable(filters.title()),
                        Stream.ofNullable(filters.sourceType()),
                        Stream.ofNullable(filters.speaker()),
                        filters.tagsAny().stream(),
                        filters.tagsAll().stream(),
                        filters.metadata().keySet().stream())
                .flatMap(texts -> texts);
    }

    static boolean storable(String text) {
        return text.length() <= METADATA_LENGTH_MAX
                && text.codePoints().noneMatch(point -> point == 0 || Character.getType(point) == Character.SURROGATE);
    }

    private static String @Nullable [] array(List<String> texts) {
        return texts.isEmpty() ? null : texts.toArray(String[]::new);
    }

    private static final class Builder {
        private final List<String> conditions = new ArrayList<>();
        private final List<Object> arguments = new ArrayList<>();

        /// Adds a condition, unless there is no argument to compare with.
        Builder and(String condition, @Nullable Object argument) {
            if (argument != null) {
                conditions.add(condition);
                arguments.add(argument);
            }
            return this;
        }
    }
}
