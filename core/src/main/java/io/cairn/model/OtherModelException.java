package io.cairn.model;

/// What is there was made by another model than the one that is to run; the message is one sentence for the operator.
public final class OtherModelException extends RuntimeException {
    OtherModelException(String message) {
        super(message);
    }
}
