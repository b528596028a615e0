package io.cairn.client.wire;

import org.jspecify.annotations.Nullable;

/// Where a hit stands in its source; `start` and `end` count code points of the original message, or of the
/// text extracted from that version of the document. `page` is where it begins, from 1, in documents that have pages.
/// `chunk_index` says which of the `chunk_count` stretches of the message or document it is, from 0.
public record Citation(
        @Nullable String conversationId,
        @Nullable String messageId,
        @Nullable String documentId,
        @Nullable Integer documentVersion,
        @Nullable String title,
        @Nullable String heading,
        @Nullable Integer start,
        @Nullable Integer end,
        @Nullable Integer page,
        @Nullable Integer chunkIndex,
        @Nullable Integer chunkCount) {
    public static Citation ofMessage(String conversationId, String messageId, int start, int end) {
        return new Citation(conversationId, messageId, null, null, null, null, start, end, null, null, null);
    }
}
