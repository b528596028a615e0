package io.cairn.adapter.provider;

import io.cairn.model.ModelException.Advice;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Whether a provider advises to try again, and how long it asks to wait, in each of the ways in which providers say
/// it. What cannot be understood is passed over.
final class RetryHints {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");
    private static final Pattern PARTS = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|h|m|s)");
    private static final Pattern ALL_PARTS = Pattern.compile("(?:" + PARTS.pattern() + ")+");

    /// Headers that tell what is left of an allowance (`remaining`) and when it is there again (`reset`). As long as
    /// one of several is used up, nothing is taken.
    private static final List<String> ALLOWANCES = List.of(
            "x-ratelimit-%s-requests",
            "x-ratelimit-%s-tokens",
            "anthropic-ratelimit-requests-%s",
            "anthropic-ratelimit-tokens-%s",
            "anthropic-ratelimit-input-tokens-%s",
            "anthropic-ratelimit-output-tokens-%s");

    private final InstantSource clock;

    RetryHints(InstantSource clock) {
        this.clock = clock;
    }

    Advice in(HttpHeaders headers) {
        return new Advice(again(headers), after(headers));
    }

    private static Optional<Boolean> again(HttpHeaders headers) {
        return headers.firstValue("x-should-retry").map(String::strip).flatMap(said -> switch (said) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        });
    }

    private Optional<Duration> after(HttpHeaders headers) {
        return headers.firstValue("retry-after-ms")
                .flatMap(text -> number(text, 1e-3))
                .or(() -> headers.firstValue("retry-after").flatMap(this::after))
                .or(() -> ALLOWANCES.stream()
                        .flatMap(form -> exhausted(headers, form).stream())
                        .max(Comparator.naturalOrder()));
    }

    private Optional<Duration> after(String text) {
        return number(text, 1).or(() -> date(text));
    }

    /// When the allowance that is used up is there again.
    private Optional<Duration> exhausted(HttpHeaders headers, String form) {
        return headers.firstValue(form.formatted("remaining"))
                .filter("0"::equals)
                .flatMap(none -> headers.firstValue(form.formatted("reset")))
                .flatMap(text -> number(text, 1).or(() -> parts(text)).or(() -> date(text)));
    }

    private static Optional<Duration> number(String text, double seconds) {
        return NUMBER.matcher(text.strip()).matches()
                ? Optional.of(Duration.ofNanos(Math.round(Double.parseDouble(text.strip()) * seconds * 1e9)))
                : Optional.empty();
    }

    /// Such as `6m0s` or `20ms`.
    private static Optional<Duration> parts(String text) {
        if (!ALL_PARTS.matcher(text.strip()).matches()) {
            return Optional.empty();
        }
        return Optional.of(PARTS.matcher(text).results().map(RetryHints::part).reduce(Duration.ZERO, Duration::plus));
    }

    private static Duration part(MatchResult part) {
        double unit = switch (part.group(2)) {
            case "ms" -> 1e6;
            case "s" -> 1e9;
            case "m" -> 60e9;
            default -> 3600e9;
        };
        return Duration.ofNanos(Math.round(Double.parseDouble(part.group(1)) * unit));
    }

    private Optional<Duration> date(String text) {
        return Stream.<Function<String, Instant>>of(
                        http -> ZonedDateTime.parse(http, DateTimeFormatter.RFC_1123_DATE_TIME)
                                .toInstant(),
                        iso -> OffsetDateTime.parse(iso).toInstant())
                .flatMap(form -> parsed(form, text.strip()).stream())
                .findFirst()
                .map(at -> {
                    var left = Duration.between(clock.instant(), at);
                    return left.isNegative() ? Duration.ZERO : left;
                });
    }

    private static Optional<Instant> parsed(Function<String, Instant> form, String text) {
        try {
            return Optional.of(form.apply(text));
        } catch (DateTimeParseException another) {
            return Optional.empty();
        }
    }
}
