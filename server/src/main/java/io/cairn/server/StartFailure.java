package io.cairn.server;

import io.cairn.server.wiring.StartProblems;

/// Says why the server did not start.
final class StartFailure {
    private static final int EXIT_CODE = 1;

    private StartFailure() {}

    static int told(RuntimeException failure) {
        var sentence = StartProblems.sentence(failure);
        System.err.println("cairn: " + sentence.orElseGet(() -> "the server could not start: " + failure));
        if (sentence.isEmpty()) {
            failure.printStackTrace();
        }
        return EXIT_CODE;
    }
}
