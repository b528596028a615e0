package io.cairn.passage;

/// What a hit is.
///
/// Names, letters and the order are kept in indexes: new kinds come at the end.
public enum Kind {
    MESSAGE('m'),
    DOCUMENT('d');

    private final char letter;

    Kind(char letter) {
        this.letter = letter;
    }

    /// With which the ids of its passages begin.
    char letter() {
        return letter;
    }
}
