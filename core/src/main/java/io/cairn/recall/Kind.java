package io.cairn.recall;

/// What a hit is.
public enum Kind {
    MESSAGE,
    DOCUMENT
}
