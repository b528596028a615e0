package io.cairn.server.security;

import io.cairn.server.http.Call;
import io.cairn.server.http.Problems;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.Trouble;
import io.cairn.tenant.Tenant;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets in who brings a valid key, for a tenant of that key; what the key allows is judged once the route is known.
final class KeyFilter extends HttpFilter {
    private static final Logger LOG = LoggerFactory.getLogger(KeyFilter.class);
    private static final String TENANT_HEADER = "Cairn-Tenant";
    private static final String BEARER = "Bearer ";

    private final transient ApiKeys keys;
    private final transient Problems problems;
    private final transient MeterRegistry meters;

    KeyFilter(ApiKeys keys, Problems problems, MeterRegistry meters) {
        this.keys = keys;
        this.problems = problems;
        this.meters = meters;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            if (!Rules.open(request)) {
                admit(request);
            }
        } catch (Refusal refusal) {
            failed(request, refusal);
            problems.write(request, response, refusal);
            return;
        }
        chain.doFilter(request, response);
    }

    private void admit(HttpServletRequest request) {
        var key = keys.find(secret(request.getHeader("Authorization")))
                .orElseThrow(() -> unauthenticated("The key is not known"));
        var tenant = tenant(key, request.getHeader(TENANT_HEADER));
        Granted.to(request, key);
        Call.of(request).identified(tenant, key.name());
    }

    private static String secret(@Nullable String header) {
        if (header == null) {
            throw unauthenticated("There is no Authorization header");
        }
        if (!header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw unauthenticated("The Authorization header is not of the form 'Bearer KEY'");
        }
        return header.substring(BEARER.length()).strip();
    }

    private static Refusal unauthenticated(String detail) {
        return Trouble.UNAUTHENTICATED.because(detail).header("WWW-Authenticate", "Bearer");
    }

    private static Tenant tenant(ApiKey key, @Nullable String wanted) {
        if (wanted == null) {
            return withoutHeader(key);
        }
        var tenant = named(wanted);
        if (!key.tenants().isEmpty() && !key.tenants().contains(tenant)) {
            throw Trouble.TENANT_FORBIDDEN.because("The key '%s' is not valid for that tenant".formatted(key.name()));
        }
        return tenant;
    }

    private static Tenant withoutHeader(ApiKey key) {
        return switch (key.tenants().size()) {
            case 0 -> Tenant.DEFAULT;
            case 1 -> key.tenants().iterator().next();
            default -> throw Trouble.TENANT_MISSING.because("The key '%s' is valid for several".formatted(key.name()));
        };
    }

    private static Tenant named(String wanted) {
        try {
            return Tenant.ofCaller(wanted);
        } catch (IllegalArgumentException e) {
            throw Trouble.MALFORMED_REQUEST.because("Header %s: %s".formatted(TENANT_HEADER, e.getMessage()));
        }
    }

    private void failed(HttpServletRequest request, Refusal refusal) {
        meters.counter("auth.failures", "code", refusal.trouble().code()).increment();
        LOG.atWarn()
                .addKeyValue("code", refusal.trouble().code())
                .addKeyValue("address", request.getRemoteAddr())
                .log("refused a request at the door");
    }
}
