package io.cairn.server.http;

/// How large requests may be, one by one and together.
///
/// @param jsonBytesMax of a JSON body, or of one line of an import of documents
/// @param uploadBytesMax of a multipart form with a file
/// @param metadataBytesMax of the metadata of one message or document, as JSON
/// @param payloadBytesMax of the payload of one event, as JSON
/// @param inFlightBytesMax memory for what becomes of bodies that are on their way at the same time
/// @param batchItemsMax items in one batch
/// @param tailsMax live tails that may be open at the same time
public record HttpLimits(
        long jsonBytesMax,
        long uploadBytesMax,
        long metadataBytesMax,
        long payloadBytesMax,
        long inFlightBytesMax,
        int batchItemsMax,
        int tailsMax) {
    /// Bytes of memory that become of one of a body.
    static final long COST = 8;

    /// A blob's part in Base64 with its envelope is far smaller, and so is an event's payload unless its
    /// limit was raised.
    private static final long ARCHIVE_LINE_BYTES_MAX = 64L << 20;

    public HttpLimits {
        if (jsonBytesMax < 1
                || uploadBytesMax < 1
                || metadataBytesMax < 1
                || payloadBytesMax < 1
                || inFlightBytesMax < 1
                || batchItemsMax < 1
                || tailsMax < 1) {
            throw new IllegalArgumentException("The limits of requests are positive");
        }
    }

    /// Of one line of an import of documents.
    public long documentLineBytesMax() {
        return lineBytesMax(jsonBytesMax);
    }

    /// Of one line of an export that is taken in.
    public long archiveLineBytesMax() {
        return lineBytesMax(ARCHIVE_LINE_BYTES_MAX);
    }

    /// An import may go on for long, so it never takes more than a quarter of what there is for bodies.
    private long lineBytesMax(long otherwise) {
        return Math.min(otherwise, inFlightBytesMax / 4 / COST);
    }
}
