package io.cairn.server;

/// The command line asks for what there is not.
final class UsageException extends RuntimeException {
    static final int EXIT_CODE = 2;

    UsageException(String message) {
        super(message);
    }
}
