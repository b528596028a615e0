package io.cairn.server.security;

import java.util.Locale;
import java.util.Set;

/// What a key allows: writing includes reading, and administering includes all.
public enum Scope {
    READ,
    WRITE,
    ADMIN,
    /// Using the models, which may cost money.
    MODELS,
    /// Looking at how the server does, and at no data: metrics and detailed health.
    METRICS;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether what was granted includes it.
    public boolean in(Set<Scope> granted) {
        return granted.stream().anyMatch(scope -> scope.includes(this));
    }

    private boolean includes(Scope other) {
        return this == other || this == ADMIN || (this == WRITE && other == READ);
    }
}
