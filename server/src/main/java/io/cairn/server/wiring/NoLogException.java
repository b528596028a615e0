package io.cairn.server.wiring;

import java.nio.file.Path;

/// The data folder holds no log.
final class NoLogException extends RuntimeException {
    NoLogException(Path log) {
        super("There is no log %s; name its data folder with --data".formatted(log));
    }
}
