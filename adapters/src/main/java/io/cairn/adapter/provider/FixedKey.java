package io.cairn.adapter.provider;

import java.util.Optional;

/// A key that never changes, or none.
final class FixedKey implements ProviderKey {
    private final String key;

    FixedKey(String key) {
        this.key = key.strip();
    }

    @Override
    public Optional<String> value() {
        return Optional.of(key).filter(found -> !found.isEmpty());
    }

    @Override
    public boolean isRenewed(Optional<String> refused) {
        return false;
    }

    @Override
    public String toString() {
        return "a key";
    }
}
