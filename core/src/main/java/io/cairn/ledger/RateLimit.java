package io.cairn.ledger;

/// How many calls and tokens there may be in a minute, on this node.
///
/// @param calls 0 for any number
/// @param tokens read and written; 0 for any number
public record RateLimit(String name, Payers payers, long calls, long tokens) {
    public RateLimit {
        if (calls < 0 || tokens < 0 || calls + tokens == 0) {
            throw new IllegalArgumentException("The rate '%s' needs calls or tokens".formatted(name));
        }
    }
}
