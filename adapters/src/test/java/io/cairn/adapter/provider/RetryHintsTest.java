package io.cairn.adapter.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.model.ModelException.Advice;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryHintsTest {
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "retry-after: 0 | PT0S",
                "retry-after: 20 | PT20S",
                "retry-after: 1.5 | PT1.5S",
                "retry-after: Sun, 29 Nov 2026 12:00:30 GMT | PT30S",
                "retry-after: Sun, 29 Nov 2026 11:00:30 GMT | PT0S",
                "retry-after-ms: 250; retry-after: 9 | PT0.25S",
                "x-ratelimit-remaining-requests: 0; x-ratelimit-reset-requests: 6m0s | PT6M",
                "x-ratelimit-remaining-requests: 0; x-ratelimit-reset-requests: 7 | PT7S",
                "x-ratelimit-remaining-tokens: 0; x-ratelimit-reset-tokens: 20ms | PT0.02S",
                "x-ratelimit-remaining-tokens: 0; x-ratelimit-reset-tokens: 1h2m3.5s | PT1H2M3.5S",
                "x-ratelimit-remaining-requests: 0; x-ratelimit-reset-requests: 1s; x-ratelimit-remaining-tokens: 0;"
                        + " x-ratelimit-reset-tokens: 40s | PT40S",
                "x-ratelimit-remaining-requests: 0; x-ratelimit-reset-requests: 6m0s; retry-after: 2 | PT2S",
                "anthropic-ratelimit-tokens-remaining: 0; anthropic-ratelimit-tokens-reset: 2026-11-29T12:00:09Z |"
                        + " PT9S",
                "anthropic-ratelimit-input-tokens-remaining: 0; anthropic-ratelimit-input-tokens-reset:"
                        + " 2026-11-29T12:00:59Z | PT59S",
                "anthropic-ratelimit-output-tokens-remaining: 0; anthropic-ratelimit-output-tokens-reset:"
                        + " 2026-11-29T13:00:01+01:00 | PT1S",
                "anthropic-ratelimit-requests-remaining: 0; anthropic-ratelimit-requests-reset: 2026-11-29T12:00:09Z |"
                        + " PT9S",
            })
    void eachWayOfAskingToWaitIsUnderstood(String headers, Duration wait) {
        assertThat(hints(headers)).isEqualTo(Advice.toWait(wait));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whetherToTryAgainIsSaidInSoManyWords(boolean again) {
        assertThat(hints("x-should-retry: " + again).again()).contains(again);
    }

    @ParameterizedTest
    @CsvSource({
        "retry-after: soon",
        "retry-after: -5",
        "x-should-retry: maybe",
        "retry-after: NaN",
        "retry-after: 99999999999999999999",
        "x-ratelimit-remaining-requests: 3; x-ratelimit-reset-requests: 6m0s",
        "x-ratelimit-remaining-requests: 0; x-ratelimit-reset-requests: whenever",
        "date: Sun, 29 Nov 2026 12:00:30 GMT"
    })
    void whatCannotBeUnderstoodIsPassedOver(String headers) {
        assertThat(hints(headers)).isEqualTo(Advice.NONE);
    }

    @Test
    void aProviderMayAskForNothing() {
        assertThat(new RetryHints(() -> NOW).in(HttpHeaders.of(Map.of(), (name, value) -> true)))
                .isEqualTo(Advice.NONE);
    }

    private static Advice hints(String headers) {
        var all = Arrays.stream(headers.split(";"))
                .map(header -> header.split(":", 2))
                .collect(Collectors.toMap(header -> header[0].strip(), header -> List.of(header[1].strip())));
        return new RetryHints(() -> NOW).in(HttpHeaders.of(all, (name, value) -> true));
    }
}
