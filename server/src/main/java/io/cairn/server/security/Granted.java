package io.cairn.server.security;

import jakarta.servlet.ServletRequest;
import java.util.Set;

/// The scopes of the key with which a request came.
public final class Granted {
    private static final String ATTRIBUTE = Granted.class.getName();

    private final Set<Scope> scopes;
    private final boolean everyTenant;

    private Granted(Set<Scope> scopes, boolean everyTenant) {
        this.scopes = scopes;
        this.everyTenant = everyTenant;
    }

    static void to(ServletRequest request, ApiKey key) {
        request.setAttribute(ATTRIBUTE, new Granted(key.scopes(), key.tenants().isEmpty()));
    }

    /// None if no key was seen.
    static Set<Scope> of(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof Granted granted ? granted.scopes : Set.of();
    }

    /// Whether the request may do what needs this scope.
    public static boolean allows(ServletRequest request, Scope needed) {
        return needed.in(of(request));
    }

    /// Whether the key is valid for all tenants, and so for what holds all their data.
    static boolean everyTenant(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof Granted granted && granted.everyTenant;
    }
}
