package io.cairn.tenant;

/// On whose behalf something is done: the tenant, the actor, and the correlation id that ties together everything it
/// causes.
///
/// @param tenant whose data it concerns
/// @param actor who asks, as an opaque name such as that of the API key
/// @param correlation an opaque id, at most 128 characters, carried through events, tasks and logs
public record Context(Tenant tenant, String actor, String correlation) {
    public Context {
        if (actor.isBlank() || correlation.isBlank() || correlation.length() > 128) {
            throw new IllegalArgumentException("A context needs an actor and a correlation id of 1 to 128 characters");
        }
    }
}
