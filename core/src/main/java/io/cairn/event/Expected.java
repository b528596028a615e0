package io.cairn.event;

/// What an append expects of its stream.
public sealed interface Expected {
    static Expected any() {
        return new Any();
    }

    static Expected none() {
        return new Version(0);
    }

    static Expected version(long version) {
        return new Version(version);
    }

    boolean holds(long actual);

    /// Any version will do.
    record Any() implements Expected {
        @Override
        public boolean holds(long actual) {
            return true;
        }
    }

    /// Exactly this version; 0 for a stream without events.
    record Version(long version) implements Expected {
        public Version {
            if (version < 0) {
                throw new IllegalArgumentException("A stream's version is 0 or more; found " + version);
            }
        }

        @Override
        public boolean holds(long actual) {
            return actual == version;
        }
    }
}
