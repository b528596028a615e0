package io.cairn.server.security;

import io.cairn.server.http.Trouble;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/// Lets a request through to its route if its key has the scope for it.
final class ScopeCheck implements HandlerInterceptor {
    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (!Rules.open(request)) {
            var route = String.valueOf(request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE));
            var needed = Rules.needed(request.getMethod(), route);
            if (!needed.in(Granted.of(request))) {
                throw Trouble.SCOPE_MISSING.because("This needs a key with the scope '%s'".formatted(needed.word()));
            }
            if (Rules.concernsAllTenants(route) && !Granted.everyTenant(request)) {
                throw Trouble.TENANT_FORBIDDEN.because(
                        "This concerns all tenants, so it needs a key that is not bound to some of them");
            }
        }
        return true;
    }
}
