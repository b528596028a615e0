package io.cairn.schema;

/// The upcasters that come with the code do not lead from every version of a type to its newest: a developer has to
/// mend that before anything is read.
public final class BrokenUpcasterChainException extends RuntimeException {
    BrokenUpcasterChainException(String message) {
        super(message);
    }
}
