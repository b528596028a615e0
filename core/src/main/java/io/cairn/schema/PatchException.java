package io.cairn.schema;

/// A declared patch cannot be applied to a payload.
final class PatchException extends RuntimeException {
    PatchException(String message) {
        super(message);
    }
}
