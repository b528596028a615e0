package io.cairn.server.http;

import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Lets bodies in only as far as the heap can hold what becomes of them, and has the others wait a little or come
/// again.
///
/// A body costs a multiple of its length: JSON is a tree of objects before it is stored, and a file is held as it came,
/// as it is sealed and as text. Where a length is not told, the largest that is allowed is counted.
///
/// It stands behind the check of keys. What comes in without one is a webhook, or nothing that anybody
/// reads: all of that together has a quarter of the room, however much of it is free.
public final class ByteAdmission extends HttpFilter {
    private static final Context NOBODY = new Context(Tenant.CAIRN, "nobody", "nobody");
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final transient HttpLimits limits;
    private final transient Problems problems;
    private final transient long nobodysMax;
    private final transient Allowances bytes;

    public ByteAdmission(HttpLimits limits, Problems problems) {
        this.limits = limits;
        this.problems = problems;
        long budget = limits.inFlightBytesMax();
        this.nobodysMax = Math.max(1, budget / 4);
        this.bytes = new Allowances(budget, allowance(budget), allowance(budget), Map.of(NOBODY.tenant(), nobodysMax));
    }

    /// A quarter is left to others.
    private static long allowance(long budget) {
        return budget - budget / 4;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var known = Call.of(request).contextIfKnown();
        var caller = known == null ? NOBODY : known;
        long cost = known == null ? nobodysCost(request) : cost(request);
        if (cost == 0) {
            chain.doFilter(request, response);
            return;
        }
        var refusal = refusal(request, caller, cost);
        if (refusal != null) {
            problems.write(request, response, refusal);
            return;
        }
        try {
            chain.doFilter(request, response);
        } finally {
            bytes.give(caller, cost);
        }
    }

    /// Why a body does not get in; if there is no reason, its cost was taken.
    private @Nullable Refusal refusal(HttpServletRequest request, Context caller, long cost) {
        boolean nobody = caller.equals(NOBODY);
        if (nobody && Edge.isForm(request)) {
            // The framework would put its files on the disk before anybody looked at a signature.
            return Trouble.MEDIA_TYPE_UNSUPPORTED.because(
                    "A multipart form needs a key; a webhook is taken with any other Content-Type");
        }
        long costMax = nobody ? nobodysMax : limits.inFlightBytesMax();
        if (cost > costMax) {
            return larger(cost, costMax);
        }
        return taken(caller, cost)
                ? null
                : Trouble.OVERLOADED
                        .because("As many bytes are on their way as memory allows")
                        .retryAfter(RETRY_AFTER);
    }

    /// One that all memory that there is for bodies could not hold never gets in.
    private static Refusal larger(long cost, long budget) {
        return Trouble.TOO_LARGE.because(
                "The body may need %d bytes of memory, and cairn.limits.in-flight allows %d".formatted(cost, budget));
    }

    private boolean taken(Context caller, long cost) {
        try {
            return bytes.take(caller, cost, PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// No more of a webhook is read than an event's payload may have.
    private long nobodysCost(HttpServletRequest request) {
        return Math.min(cost(request), HttpLimits.COST * limits.payloadBytesMax());
    }

    private long cost(HttpServletRequest request) {
        long length = request.getContentLengthLong();
        if (length == 0 || (length < 0 && request.getHeader("Transfer-Encoding") == null)) {
            return 0;
        }
        if (Edge.isImport(request)) {
            // It is read line by line, and may go on for long.
            return HttpLimits.COST * Edge.lineBytesMax(request, limits);
        }
        boolean form = Edge.isForm(request);
        long counted = length > 0 ? length : form ? limits.uploadBytesMax() : limits.jsonBytesMax();
        return counted * HttpLimits.COST;
    }
}
