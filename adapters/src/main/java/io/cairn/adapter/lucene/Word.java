package io.cairn.adapter.lucene;

/// A word of a text.
///
/// @param form by which it is found whatever its language: without case, diacritics and separators
/// @param text as it is written, for the rules of a language; empty where the form alone counts, as for the whole of
///     `MAX_RETRY_COUNT` beside its parts
record Word(String form, String text) {
    static Word of(String text) {
        return new Word(Forms.folded(text), text);
    }

    static Word formOnly(String form) {
        return new Word(form, "");
    }
}
