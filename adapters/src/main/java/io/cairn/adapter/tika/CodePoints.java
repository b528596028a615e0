package io.cairn.adapter.tika;

/// Turns rising offsets in UTF-16 units into offsets in code points, in one walk over the text.
final class CodePoints {
    private final String text;
    private int units;
    private int points;

    CodePoints(String text) {
        this.text = text;
    }

    int at(int unitOffset) {
        points += text.codePointCount(units, unitOffset);
        units = unitOffset;
        return points;
    }
}
