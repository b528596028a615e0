package io.cairn.server.http;

import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import jakarta.servlet.ServletRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One HTTP request on its way through the doors: its correlation id, who sent it, and what it turned out to do.
public final class Call {
    private static final String ATTRIBUTE = Call.class.getName();

    private final String correlation;
    private final long startedNanos = System.nanoTime();
    private final Map<String, Object> counts = new LinkedHashMap<>();
    private @Nullable Context context;

    Call(String correlation) {
        this.correlation = correlation;
    }

    static Call begin(ServletRequest request, String correlation) {
        var call = new Call(correlation);
        request.setAttribute(ATTRIBUTE, call);
        return call;
    }

    public static Call of(ServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Call call) {
            return call;
        }
        throw new IllegalStateException("The request did not come in through the edge");
    }

    static @Nullable String correlationOf(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof Call call ? call.correlation : null;
    }

    /// Once the key is known.
    public void identified(Tenant tenant, String actor) {
        context = new Context(tenant, actor, correlation);
    }

    public String correlation() {
        return correlation;
    }

    public Context context() {
        if (context == null) {
            throw new IllegalStateException("Nobody is known to have sent this request");
        }
        return context;
    }

    public Tenant tenant() {
        return context().tenant();
    }

    /// A number for the log's line about this request, such as how many messages it added.
    public void count(String what, Object number) {
        counts.put(what, number);
    }

    Map<String, Object> counts() {
        return counts;
    }

    public Duration took() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    @Nullable
    Context contextIfKnown() {
        return context;
    }
}
