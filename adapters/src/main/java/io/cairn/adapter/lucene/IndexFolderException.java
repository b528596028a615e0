package io.cairn.adapter.lucene;

/// The folder of an index cannot be used as it is; the message is one sentence for the operator.
public final class IndexFolderException extends RuntimeException {
    IndexFolderException(String message, Throwable cause) {
        super(message, cause);
    }
}
