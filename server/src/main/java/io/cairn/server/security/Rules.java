package io.cairn.server.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import java.util.regex.Pattern;

/// Which routes are open to everybody, and which scope each other one needs.
final class Rules {
    private static final Set<String> OPEN = Set.of("/health/live", "/health/ready", "/openapi.json");

    /// Who sends to a hook signs what is sent, and has no key.
    private static final Pattern HOOK = Pattern.compile("/hooks/[a-z0-9_-]+");

    /// A tool of MCP that writes asks for more by itself.
    private static final Set<String> READING_POSTS = Set.of("/v1/recall", "/mcp");

    private static final Set<String> METRICS = Set.of("/metrics", "/health/detailed");
    private static final Set<String> ARCHIVE = Set.of("/v1/export", "/v1/import");

    /// What changes the indexes and the cache that serve all tenants.
    private static final Set<String> SHARED = Set.of(
            "/v1/projections/{name}/rebuild",
            "/v1/projections/{name}/rollback",
            "/v1/models",
            "/v1/models/cache",
            "/v1/models/refresh",
            "/v1/models/refresh/pause",
            "/v1/models/refresh/resume",
            "/v1/models/refresh/cancel",
            "/v1/models/refresh/rollback");

    /// What everybody may look at, and only an administrator changes.
    private static final Set<String> ADMINISTERED = Set.of("/v1/projections", "/v1/models", "/v1/schemas");

    private Rules() {}

    /// Judged by the path as it was sent: any other spelling of it needs a key.
    static boolean open(HttpServletRequest request) {
        return OPEN.contains(request.getRequestURI())
                || HOOK.matcher(request.getRequestURI()).matches();
    }

    /// Judged by the route that was found, since a path can be spelt in many ways.
    static Scope needed(String method, String route) {
        if (METRICS.contains(route)) {
            return Scope.METRICS;
        }
        if (route.startsWith("/openai/")) {
            return Scope.MODELS;
        }
        boolean reads = method.equals("GET") || method.equals("HEAD");
        if (ARCHIVE.contains(route) || (!reads && ADMINISTERED.stream().anyMatch(route::startsWith))) {
            return Scope.ADMIN;
        }
        return reads || READING_POSTS.contains(route) ? Scope.READ : Scope.WRITE;
    }

    /// Whether the route shows or changes what belongs to all tenants, so that it needs a key that is valid for all.
    static boolean concernsAllTenants(String route) {
        return METRICS.contains(route) || ARCHIVE.contains(route) || SHARED.contains(route);
    }
}
