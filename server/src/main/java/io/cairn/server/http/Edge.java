package io.cairn.server.http;

import io.cairn.event.EventLog;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;
import org.springframework.web.servlet.HandlerMapping;

/// The outermost filter: gives every request its correlation id and its body's limit, every answer its headers, and
/// tells the log and the metrics what became of it.
public final class Edge extends HttpFilter {
    public static final String CORRELATION_HEADER = "X-Correlation-ID";
    public static final String CORRELATION_KEY = "correlation_id";

    /// Where OpenAI's clients look for the correlation id.
    private static final String REQUEST_HEADER = "x-request-id";

    private static final Logger LOG = LoggerFactory.getLogger("io.cairn.request");
    private static final Pattern CORRELATION = Pattern.compile("[A-Za-z0-9._:-]{1,128}");
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS");

    /// Where a body is read line by line, each with its own limit.
    private static final String IMPORT_OF_ARCHIVE = "/v1/import";

    private static final Set<String> IMPORTS = Set.of("/v1/documents/import", IMPORT_OF_ARCHIVE);

    private final transient HttpLimits limits;
    private final transient Problems problems;
    private final transient MeterRegistry meters;
    private final transient Supplier<String> ids;
    private final transient EventLog log;

    public Edge(HttpLimits limits, Problems problems, MeterRegistry meters, Supplier<String> ids, EventLog log) {
        this.limits = limits;
        this.problems = problems;
        this.meters = meters;
        this.ids = ids;
        this.log = log;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var call = Call.begin(request, correlation(request.getHeader(CORRELATION_HEADER)));
        response.setHeader(CORRELATION_HEADER, call.correlation());
        if (OpenAiError.isWanted(request)) {
            response.setHeader(REQUEST_HEADER, call.correlation());
        }
        SafeHeaders.put(response::setHeader);
        try (var mdc = MDC.putCloseable(CORRELATION_KEY, call.correlation())) {
            try {
                log.<Call, Exception>operation(() -> operation(request), 1, () -> {
                    OneReading.require(request);
                    chain.doFilter(bounded(request), response);
                    return call;
                });
            } catch (Exception e) {
                problems.write(request, response, e);
            } finally {
                tell(call, request, response.getStatus());
            }
        }
    }

    private String correlation(@Nullable String given) {
        return given != null && CORRELATION.matcher(given).matches() ? given : ids.get();
    }

    private HttpServletRequest bounded(HttpServletRequest request) {
        var encoding = request.getHeader("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw Trouble.MEDIA_TYPE_UNSUPPORTED.because(
                    "Bodies are taken as they are, not with Content-Encoding %s".formatted(Field.shown(encoding)));
        }
        if (isImport(request)) {
            return request;
        }
        boolean form = isForm(request);
        long bytesMax = form ? limits.uploadBytesMax() : limits.jsonBytesMax();
        if (request.getContentLengthLong() > bytesMax) {
            throw BodyTooLargeException.refusal(bytesMax);
        }
        return form ? request : new BoundedRequest(request, bytesMax);
    }

    static boolean isImport(HttpServletRequest request) {
        return IMPORTS.contains(request.getRequestURI());
    }

    /// Of an import.
    static long lineBytesMax(HttpServletRequest request, HttpLimits limits) {
        return request.getRequestURI().equals(IMPORT_OF_ARCHIVE)
                ? limits.archiveLineBytesMax()
                : limits.documentLineBytesMax();
    }

    static boolean isForm(HttpServletRequest request) {
        var type = request.getContentType();
        return type != null && type.toLowerCase(Locale.ROOT).startsWith("multipart/");
    }

    private void tell(Call call, HttpServletRequest request, int status) {
        var endpoint = endpoint(request);
        var method = method(request);
        var took = call.took();
        var tags = Tags.of("method", method, "endpoint", endpoint);
        meters.counter("http.requests", tags.and("status", Integer.toString(status)))
                .increment();
        Timer.builder("http.request.duration")
                .tags(tags)
                .publishPercentileHistogram()
                .register(meters)
                .record(took);
        if (endpoint.startsWith("/v1/")) {
            meters.counter("api.requests", "operation", method + " " + endpoint).increment();
        }
        line(call, method, endpoint, status, Math.round(took.toNanos() / 1e3) / 1e3);
    }

    private static String operation(HttpServletRequest request) {
        return method(request) + " " + endpoint(request);
    }

    private static String method(HttpServletRequest request) {
        return METHODS.contains(request.getMethod()) ? request.getMethod() : "other";
    }

    /// The route's template.
    private static String endpoint(HttpServletRequest request) {
        var template = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        return template == null ? "none" : template.toString();
    }

    private static void line(Call call, String method, String endpoint, int status, double millis) {
        boolean quiet = method.equals("GET") && status < 400;
        var line = LOG.atLevel(quiet ? Level.DEBUG : Level.INFO)
                .addKeyValue("operation", method + " " + endpoint)
                .addKeyValue("status", status)
                .addKeyValue("duration_ms", millis);
        var context = call.contextIfKnown();
        if (context != null) {
            line = line.addKeyValue("tenant", context.tenant()).addKeyValue("actor", context.actor());
        }
        for (var count : call.counts().entrySet()) {
            line = line.addKeyValue(count.getKey(), count.getValue());
        }
        line.log("request");
    }
}
