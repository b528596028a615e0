package io.cairn.event;

/// How many rows there are of a kind, and what one of their numbers adds up to.
public record Tally(long rows, long sum) {
    static final int PAGE = 1000;

    Tally and(long number) {
        return new Tally(rows + 1, sum + number);
    }
}
