package io.cairn.adapter.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.bus.Sender.Request;
import io.cairn.bus.Sender.Sent;
import io.cairn.bus.TargetRules;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The sender against servers that mean it harm.
@Timeout(30)
class HttpSenderTest {
    private static final Duration TIME = Duration.ofSeconds(5);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final InstantSource NOON = InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z"));
    private static final byte[] BODY = "{\"name\":\"Zoë\"}".getBytes(UTF_8);

    private final HttpSender sender = new HttpSender(new TargetRules(Set.of("127.0.0.1")), 10, NOON);

    @AfterEach
    void close() {
        sender.close();
    }

    @Test
    void anAddressThatChangesAfterTheCheckIsNotConnectedTo() throws IOException {
        try (var trap = HostileServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
            Queue<String> answers = new ArrayDeque<>(List.of("93.184.215.14", "127.0.0.1"));
            try (var rebound = new HttpSender(new TargetRules(Set.of()), 10, NOON, host ->
                    new InetAddress[] {InetAddress.ofLiteral(answers.remove())})) {
                var target = URI.create("https://rebind.example:" + trap.port() + "/");
                assertThat(rebound.refusal(target)).isEmpty();
                assertThat(rebound.send(request(target, TIME)))
                        .isEqualTo(new Sent.Forbidden("rebind.example is not on the public internet"));
            }
            assertThat(trap.connections()).isZero();
        }
    }

    @Test
    void oneInnerAddressAmongPublicOnesIsEnough() {
        try (var mixed = new HttpSender(new TargetRules(Set.of()), 10, NOON, host ->
                new InetAddress[] {InetAddress.ofLiteral("93.184.215.14"), InetAddress.ofLiteral("169.254.169.254")})) {
            assertThat(mixed.refusal(URI.create("https://mixed.example/"))).isPresent();
        }
    }

    @Test
    void aHostThatIsNotFoundIsRefusedWhenItIsNamedAndFailsWhenItIsSentTo() {
        try (var lost = new HttpSender(new TargetRules(Set.of()), 10, NOON, host -> {
            throw new UnknownHostException(host);
        })) {
            var target = URI.create("https://lost.example/");
            assertThat(lost.refusal(target)).isPresent();
            assertThat(lost.send(request(target, TIME))).isInstanceOf(Sent.Failed.class);
        }
    }

    @Test
    void theLoopbackIsNoTargetUnlessItIsNamed() throws IOException {
        try (var trap = HostileServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                var strict = new HttpSender(new TargetRules(Set.of()), 10, NOON)) {
            for (var host : List.of("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "127.1")) {
                var target = URI.create("https://" + host + ":" + trap.port() + "/");
                assertThat(strict.refusal(target)).as(host).isPresent();
                assertThat(strict.send(request(target, TIME))).as(host).isNotInstanceOf(Sent.Answered.class);
            }
            assertThat(trap.connections()).isZero();
        }
    }

    @Test
    void aRedirectIsAnAnswerAndIsNotFollowed() throws IOException {
        try (var trap = HostileServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                var server = HostileServer.answering(
                        "HTTP/1.1 307 Temporary Redirect\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
                                .formatted(trap.address()))) {
            assertThat(sender.send(request(server.address(), TIME)))
                    .isInstanceOfSatisfying(Sent.Answered.class, answer -> {
                        assertThat(answer.status()).isEqualTo(307);
                        assertThat(answer.taken()).isFalse();
                    });
            assertThat(trap.connections()).isZero();
        }
    }

    @Test
    void anAnswerThatDripsEndsWhenTheTimeIsUp() throws IOException {
        try (var head = HostileServer.dripping("HTTP/1.1 200 OK\r\nX: " + "x".repeat(5000));
                var body = HostileServer.dripping("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", "y".repeat(900));
                var silent = HostileServer.answering("")) {
            for (var server : List.of(head, body, silent)) {
                long begin = System.nanoTime();
                assertThat(sender.send(request(server.address(), SHORT)))
                        .isEqualTo(new Sent.Failed("no answer within 300 ms"));
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(TIME);
            }
        }
    }

    @Test
    void ofAnEndlessAnswerOnlyTheBeginningIsRead() throws IOException {
        try (var server =
                HostileServer.endless("HTTP/1.1 500 Broken\r\nContent-Type: text/plain\r\n\r\n", "na\tna\n")) {
            assertThat(sender.send(request(server.address(), TIME)))
                    .isInstanceOfSatisfying(Sent.Answered.class, answer -> {
                        assertThat(answer.status()).isEqualTo(500);
                        assertThat(answer.excerpt()).startsWith("na na na").hasSizeBetween(1000, 1024);
                    });
        }
    }

    @Test
    void endlessHeadersAreAFailure() throws IOException {
        try (var lines = HostileServer.endless("HTTP/1.1 200 OK\r\n", "X-Many: more\r\n");
                var line = HostileServer.endless("HTTP/1.1 200 OK\r\nX-Long: ", "more")) {
            assertThat(sender.send(request(lines.address(), TIME))).isInstanceOf(Sent.Failed.class);
            assertThat(sender.send(request(line.address(), TIME))).isInstanceOf(Sent.Failed.class);
        }
    }

    @Test
    void nothingIsUnpacked() throws IOException {
        try (var server =
                HostileServer.answering("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nbomb")) {
            assertThat(sender.send(request(server.address(), TIME))).isEqualTo(new Sent.Answered(200, null, "bomb"));
            assertThat(server.received().toLowerCase(Locale.ROOT)).doesNotContain("accept-encoding");
        }
    }

    @Test
    void aConnectionThatEndsIsAFailureAndIsNotTriedAgain() throws IOException {
        try (var server = HostileServer.closing()) {
            assertThat(sender.send(request(server.address(), TIME))).isInstanceOf(Sent.Failed.class);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void theBytesArriveAsTheyAreWithTheirHeaders() throws IOException {
        try (var server = HostileServer.answering("HTTP/1.1 204 None\r\n\r\n")) {
            assertThat(sender.send(request(server.address(), TIME))).isEqualTo(new Sent.Answered(204, null, ""));
            assertThat(server.received())
                    .startsWith("POST / HTTP/1.1\r\n")
                    .contains("webhook-id: m1\r\n")
                    .endsWith("\r\n\r\n" + new String(BODY, ISO_8859_1));
        }
    }

    @Test
    void aWishToBeLeftAloneIsUnderstood() throws IOException {
        try (var seconds = HostileServer.answering("HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n");
                var date = HostileServer.answering(
                        "HTTP/1.1 503 Busy\r\nRetry-After: Sun, 01 Mar 2026 12:01:00 GMT\r\nContent-Length: 0\r\n\r\n");
                var nonsense = HostileServer.answering(
                        "HTTP/1.1 503 Busy\r\nRetry-After: soon\r\nContent-Length: 0\r\n\r\n")) {
            assertThat(sender.send(request(seconds.address(), TIME)))
                    .isEqualTo(new Sent.Answered(429, Duration.ofSeconds(7), ""));
            assertThat(sender.send(request(date.address(), TIME)))
                    .isEqualTo(new Sent.Answered(503, Duration.ofMinutes(1), ""));
            assertThat(sender.send(request(nonsense.address(), TIME))).isEqualTo(new Sent.Answered(503, null, ""));
        }
    }

    private static Request request(URI target, Duration time) {
        return new Request(target, Map.of("webhook-id", "m1"), BODY, time);
    }
}
