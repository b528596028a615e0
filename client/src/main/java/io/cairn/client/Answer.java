package io.cairn.client;

import io.cairn.client.wire.ProblemDetails;
import io.cairn.client.wire.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/// What came back for a call, its body not yet read.
record Answer(String server, Call call, HttpResponse<InputStream> response) {
    private static final int LARGEST = 256 << 20;

    int status() {
        return response.statusCode();
    }

    InputStream body() {
        return response.body();
    }

    byte[] bytes() throws IOException {
        try (InputStream body = response.body()) {
            byte[] bytes = body.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new CairnUnintelligible(this + " and more than " + (LARGEST >> 20) + " MiB.", null);
            }
            return bytes;
        }
    }

    ProblemDetails problem() throws IOException {
        byte[] body = bytes();
        try {
            ProblemDetails problem = Wire.responses().readValue(body, ProblemDetails.class);
            return problem == null || problem.title() == null ? unexplained() : problem.withStatus(status());
        } catch (JacksonException notAProblem) {
            return unexplained();
        }
    }

    private ProblemDetails unexplained() {
        List<String> correlations = response.headers().allValues("X-Correlation-ID");
        String correlation = correlations.isEmpty() ? null : correlations.getFirst();
        return new ProblemDetails(
                null, toString(), status(), "http_" + status(), null, null, correlation, List.of(), null);
    }

    Optional<Duration> retryAfter(InstantSource clock) {
        return response.headers().firstValue("Retry-After").flatMap(header -> waitUntil(header, clock));
    }

    private static Optional<Duration> waitUntil(String header, InstantSource clock) {
        if (header.matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(header)));
        }
        try {
            ZonedDateTime time = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME);
            Duration wait = Duration.between(clock.instant(), time.toInstant());
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeParseException neitherSecondsNorADate) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        String path = call.path().replaceFirst("\\?.*", "");
        return server + " answered " + call.method() + " " + path + " with status " + status();
    }
}
