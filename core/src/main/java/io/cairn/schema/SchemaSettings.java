package io.cairn.schema;

/// Limits of what is kept of event types, and what becomes of types that are not known.
///
/// @param registeredMax versions that one tenant may register, of all types together
/// @param lengthMax characters of one version, its schema and its examples included
/// @param faultsMax that are named when events are refused
public record SchemaSettings(UnknownTypes unknownTypes, int registeredMax, int lengthMax, int faultsMax) {
    public SchemaSettings {
        if (registeredMax < 1 || lengthMax < 1 || faultsMax < 1) {
            throw new IllegalArgumentException("The limits of schemas are positive");
        }
    }

    public static SchemaSettings defaults() {
        return new SchemaSettings(UnknownTypes.PASS, 1000, 64 * 1024, 20);
    }

    public SchemaSettings with(UnknownTypes policy) {
        return new SchemaSettings(policy, registeredMax, lengthMax, faultsMax);
    }
}
