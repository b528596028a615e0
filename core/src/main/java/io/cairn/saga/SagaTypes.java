package io.cairn.saga;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The sagas that this process knows.
public final class SagaTypes {
    private final Map<String, SagaType> types = new LinkedHashMap<>();

    /// @throws IllegalArgumentException if two have the same name
    public SagaTypes(List<SagaType> types) {
        for (var type : types) {
            if (this.types.put(type.name(), type) != null) {
                throw new IllegalArgumentException("There are two sagas '%s'".formatted(type.name()));
            }
        }
    }

    public Collection<SagaType> all() {
        return types.values();
    }

    Optional<SagaType> find(String name) {
        return Optional.ofNullable(types.get(name));
    }

    SagaType require(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalStateException(
                        "There is no saga '%s'; there are: %s".formatted(name, String.join(", ", types.keySet()))));
    }
}
