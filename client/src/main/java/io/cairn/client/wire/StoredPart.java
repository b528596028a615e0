package io.cairn.client.wire;

import org.jspecify.annotations.Nullable;

/// A file that came in a document, as an attachment of a message or an entry of an archive.
///
/// @param name as it stands in the file that holds it
/// @param id of the document that it is; null if it was rejected
/// @param partOf the document in which it came, which may be such a file itself
/// @param error why it was rejected
public record StoredPart(
        String name,
        @Nullable String id,
        String partOf,
        @Nullable Integer version,
        DocumentStatus status,
        @Nullable ProblemItem error) {}
