package io.cairn.schema;

/// A declared patch met a payload that it cannot transform.
final class PatchException extends RuntimeException {
    PatchException(String message) {
        super(message);
    }
}
