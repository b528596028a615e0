package io.cairn.server.security;

import io.cairn.server.http.Problems;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.Trouble;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/// Turns away requests for foreign hosts, so that a page cannot reach this server under a name of its own,
/// and calls of foreign pages where a browser is expected.
final class HostFilter extends HttpFilter {
    private final transient Hosts hosts;
    private final transient Problems problems;

    HostFilter(Hosts hosts, Problems problems) {
        this.hosts = hosts;
        this.problems = problems;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var refused = refused(request);
        if (refused.isPresent()) {
            problems.write(request, response, refused.get());
        } else {
            chain.doFilter(request, response);
        }
    }

    private Optional<Refusal> refused(HttpServletRequest request) {
        var host = request.getHeader("Host");
        if (host == null || !hosts.admits(host)) {
            return Optional.of(Trouble.HOST_UNKNOWN.because("The header Host names no host of this server"));
        }
        if (forBrowsers(request.getServletPath()) && !hosts.admitsOrigin(request.getHeader("Origin"))) {
            return Optional.of(Trouble.ORIGIN_FORBIDDEN.because("The header Origin names no host of this server"));
        }
        return Optional.empty();
    }

    private static boolean forBrowsers(String path) {
        return path.startsWith("/mcp") || path.startsWith("/console");
    }
}
