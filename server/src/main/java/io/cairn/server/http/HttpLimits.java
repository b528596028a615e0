package io.cairn.server.http;

/// How large a request may be.
///
/// @param jsonBytesMax of a JSON body, or of one line of an import
/// @param uploadBytesMax of a multipart form with a file
/// @param batchItemsMax items in one batch
/// @param tailsMax live tails that may be open at the same time
public record HttpLimits(long jsonBytesMax, long uploadBytesMax, int batchItemsMax, int tailsMax) {
    public HttpLimits {
        if (jsonBytesMax < 1 || uploadBytesMax < 1 || batchItemsMax < 1 || tailsMax < 1) {
            throw new IllegalArgumentException("The limits of requests are positive");
        }
    }
}
