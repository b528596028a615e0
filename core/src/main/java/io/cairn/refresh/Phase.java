package io.cairn.refresh;

import java.util.Locale;

/// How far a refresh is.
public enum Phase {
    /// What it will take is worked out.
    ESTIMATING,
    /// Nothing more was asked for than what it would take.
    ESTIMATED,
    /// What has no vector of the new model is embedded, into the store of vectors.
    EMBEDDING,
    /// An index of these vectors is built beside the one that answers.
    BUILDING,
    /// Both are asked the same, and a rule decides.
    COMPARING,
    /// The new index takes over.
    SWITCHING,
    /// The new index answers.
    SWITCHED,
    /// The rule was against it, so that the old index goes on to answer.
    REFUSED,
    /// An operator gave it up.
    CANCELLED,
    /// The former index catches up, to answer again.
    ROLLING_BACK,
    /// The former index answers again.
    ROLLED_BACK;

    /// Whether there is something left to do.
    public boolean underWay() {
        return switch (this) {
            case ESTIMATING, EMBEDDING, BUILDING, COMPARING, SWITCHING, ROLLING_BACK -> true;
            case ESTIMATED, SWITCHED, REFUSED, CANCELLED, ROLLED_BACK -> false;
        };
    }

    /// As it is kept and told, such as `rolled_back`.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Phase of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
