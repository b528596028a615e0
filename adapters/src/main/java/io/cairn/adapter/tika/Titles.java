package io.cairn.adapter.tika;

/// How titles of documents and headings are written: in one line, with single spaces.
final class Titles {
    /// What is longer is a paragraph that somebody formatted as a heading.
    static final int LONGEST = 300;

    private Titles() {}

    static String clean(String raw) {
        return raw.replaceAll("[\\s\\p{Z}]+", " ").strip();
    }
}
