package io.cairn.cli;

/// The exit codes that scripts rely on.
final class Exit {
    static final int GOOD = 0;
    static final int REFUSED = 1;
    static final int USAGE = 2;
    static final int UNREACHABLE = 3;

    private Exit() {}
}
