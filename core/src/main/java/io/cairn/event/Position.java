package io.cairn.event;

import java.util.regex.Pattern;

/// A place in the log: the epoch of the log, the partition, and the number within it, counted from 1 without a gap.
///
/// Clients get it as an opaque string. A position of one log means nothing in another; that is what the epoch tells.
///
/// @param number 0 stands before the first event
public record Position(String epoch, int partition, long number) {
    private static final Pattern WIRE = Pattern.compile("([0-9a-z]{1,20})-([0-9]{1,4})-([0-9]{1,18})");

    public static Position parse(String wire) {
        var match = WIRE.matcher(wire);
        if (!match.matches()) {
            throw new IllegalArgumentException("'%s' is not a position; pass one back as it was given"
                    .formatted(wire.replaceAll("[^0-9a-zA-Z-]", "?")));
        }
        return new Position(match.group(1), Integer.parseInt(match.group(2)), Long.parseLong(match.group(3)));
    }

    public String wire() {
        return epoch + "-" + partition + "-" + number;
    }

    @Override
    public String toString() {
        return wire();
    }
}
