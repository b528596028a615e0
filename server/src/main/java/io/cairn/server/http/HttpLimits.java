package io.cairn.server.http;

/// How large requests may be, one by one and together.
///
/// @param jsonBytesMax of a JSON body, or of one line of an import
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
}
