package io.cairn.projection;

/// The outcome of an operator's rollback to the former generation.
public sealed interface RolledBack {
    /// The former generation catches up, and then answers again.
    record Begun(int generation) implements RolledBack {}

    /// There is no way back now.
    record Refused(String reason) implements RolledBack {
        static Refused whileUnderWay(String projection, int next) {
            return new Refused("Generation %d of %s is on its way; a rollback has to wait until it has switched"
                    .formatted(next, projection));
        }
    }
}
