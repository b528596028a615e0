package io.cairn.server.security;

import jakarta.servlet.ServletRequest;
import java.util.Set;
import java.util.function.Predicate;

/// The scopes of the key with which a request came.
public final class Granted {
    private static final String ATTRIBUTE = Granted.class.getName();

    private final Set<Scope> scopes;
    private final boolean everyTenant;
    private final Predicate<String> models;

    private Granted(Set<Scope> scopes, boolean everyTenant, Predicate<String> models) {
        this.scopes = scopes;
        this.everyTenant = everyTenant;
        this.models = models;
    }

    static void to(ServletRequest request, ApiKey key) {
        request.setAttribute(ATTRIBUTE, new Granted(key.scopes(), key.tenants().isEmpty(), key::allowsModel));
    }

    /// None if no key was seen.
    static Set<Scope> of(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof Granted granted ? granted.scopes : Set.of();
    }

    /// Whether the request may do what needs this scope.
    public static boolean allows(ServletRequest request, Scope needed) {
        return needed.in(of(request));
    }

    /// Whether the key may use a model.
    public static boolean allowsModel(ServletRequest request, String model) {
        return request.getAttribute(ATTRIBUTE) instanceof Granted granted && granted.models.test(model);
    }

    /// Whether the key is valid for all tenants, and so for what holds all their data.
    public static boolean everyTenant(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof Granted granted && granted.everyTenant;
    }
}
