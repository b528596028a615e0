package io.cairn.adapter.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.bus.Sender;
import io.cairn.bus.TargetRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/// Posts webhooks with Apache's HTTP client.
///
/// The client asks [CheckedAddresses] for every address and connects to what it gets from there, so that nothing lies
/// between the check and the connection. It follows no redirect, unpacks nothing, keeps no cookie, knows no proxy and
/// never sends twice by itself. A watch ends a request whose time is up, whatever it waits for.
public final class HttpSender implements Sender {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
    private static final Duration IDLE_MAX = Duration.ofSeconds(30);
    private static final int EXCERPT_BYTES = 1024;
    private static final int LINE_MAX = 8192;
    private static final int HEADERS_MAX = 100;
    private static final int PER_TARGET = 8;
    private static final int WHY_MAX = 200;

    private final TargetRules rules;
    private final CheckedAddresses addresses;
    private final InstantSource clock;
    private final CloseableHttpClient client;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("webhooks-watch").factory());

    /// Finds the addresses of a host.
    @FunctionalInterface
    interface Names {
        InetAddress[] find(String host) throws UnknownHostException;
    }

    /// @param connectionsMax at a time, to all targets together
    public HttpSender(TargetRules rules, int connectionsMax, InstantSource clock) {
        this(rules, connectionsMax, clock, InetAddress::getAllByName);
    }

    HttpSender(TargetRules rules, int connectionsMax, InstantSource clock, Names names) {
        this.rules = rules;
        this.clock = clock;
        this.addresses = new CheckedAddresses(rules, names);
        this.client = client(addresses, connectionsMax);
    }

    private static CloseableHttpClient client(CheckedAddresses addresses, int connectionsMax) {
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(addresses)
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(Http1Config.custom()
                                .setMaxLineLength(LINE_MAX)
                                .setMaxHeaderCount(HEADERS_MAX)
                                .build())
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(CONNECT_MAX))
                        .setTimeToLive(TimeValue.of(IDLE_MAX))
                        .build())
                .setDefaultSocketConfig(SocketConfig.custom()
                        .setSoTimeout(Timeout.of(CONNECT_MAX))
                        .build())
                .setMaxConnPerRoute(PER_TARGET)
                .setMaxConnTotal(connectionsMax)
                .build();
        return HttpClients.custom()
                .setConnectionManager(connections)
                .setUserAgent("Cairn")
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableConnectionState()
                .build();
    }

    @Override
    public Optional<String> refusal(URI target) {
        return rules.refusal(target).or(() -> {
            try {
                addresses.resolve(target.getHost());
                return Optional.empty();
            } catch (UnknownHostException e) {
                return Optional.of(String.valueOf(e.getMessage()));
            }
        });
    }

    @Override
    public Sent send(Request request) {
        var refused = rules.refusal(request.target());
        if (refused.isPresent()) {
            return new Sent.Forbidden(refused.get());
        }
        var post = new HttpPost(request.target());
        post.setConfig(RequestConfig.custom()
                .setConnectionRequestTimeout(Timeout.of(request.timeMax()))
                .setResponseTimeout(Timeout.of(request.timeMax()))
                .build());
        request.headers().forEach(post::setHeader);
        post.setEntity(new ByteArrayEntity(request.body(), ContentType.APPLICATION_JSON));
        var end = watch.schedule(post::cancel, request.timeMax().toMillis(), TimeUnit.MILLISECONDS);
        try (var answer = client.executeOpen(null, post, null)) {
            return answered(answer, post);
        } catch (NotPublicException e) {
            return new Sent.Forbidden(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Sent.Failed(
                    post.isCancelled()
                            ? "no answer within %s ms"
                                    .formatted(request.timeMax().toMillis())
                            : why(e));
        } finally {
            end.cancel(false);
        }
    }

    private Sent answered(ClassicHttpResponse answer, HttpPost post) throws IOException {
        var bytes = new byte[0];
        var entity = answer.getEntity();
        if (entity != null) {
            var body = entity.getContent();
            bytes = body.readNBytes(EXCERPT_BYTES);
            if (bytes.length == EXCERPT_BYTES && body.read() >= 0) {
                // The rest is nobody's business, and may have no end.
                post.cancel();
            }
        }
        return new Sent.Answered(answer.getCode(), retryAfter(answer), printable(bytes));
    }

    private static String printable(byte[] bytes) {
        return new String(bytes, UTF_8).replaceAll("\\p{Cntrl}", " ").strip();
    }

    private @Nullable Duration retryAfter(ClassicHttpResponse answer) {
        var header = answer.getFirstHeader("Retry-After");
        var value = header == null ? "" : String.valueOf(header.getValue()).strip();
        if (value.matches("[0-9]{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        try {
            var time = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
            var wait = Duration.between(clock.instant(), time.toInstant());
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeParseException neitherSecondsNorADate) {
            return null;
        }
    }

    private static String why(IOException e) {
        var text = e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
        return text.substring(0, Math.min(text.length(), WHY_MAX));
    }

    /// Ends what is being sent.
    @Override
    public void close() {
        watch.shutdownNow();
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
