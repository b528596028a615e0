package io.cairn.schema;

import org.jspecify.annotations.Nullable;

/// A part of a value that its schema does not allow.
///
/// @param pointer a JSON pointer; empty for the value itself
/// @param detail a sentence
/// @param found what stands there, shortened
/// @param allowed what the schema allows, shortened
public record Mismatch(
        String pointer,
        String detail,
        @Nullable String found,
        @Nullable String allowed) {}
