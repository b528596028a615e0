package io.cairn.server.security;

import java.util.Locale;
import java.util.Set;

/// What a key allows; each includes those before it.
public enum Scope {
    READ,
    WRITE,
    ADMIN;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean in(Set<Scope> granted) {
        return granted.stream().anyMatch(scope -> scope.compareTo(this) >= 0);
    }
}
