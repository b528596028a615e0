package io.cairn.client.wire;

import org.jspecify.annotations.Nullable;

/// A file that came in a document.
///
/// @param id of the document that it is; null if it could not be read
/// @param error why it could not
public record DocumentPart(
        String name, @Nullable String id, @Nullable ProblemItem error) {}
