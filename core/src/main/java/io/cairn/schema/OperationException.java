package io.cairn.schema;

/// A declared operation met a payload that it cannot transform.
final class OperationException extends RuntimeException {
    OperationException(String message) {
        super(message);
    }
}
