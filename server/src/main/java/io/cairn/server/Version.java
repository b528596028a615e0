package io.cairn.server;

import io.cairn.server.ops.Release;

/// Says which release this is.
final class Version {
    private Version() {}

    static int run() {
        System.out.println("cairn " + Release.version());
        return 0;
    }
}
