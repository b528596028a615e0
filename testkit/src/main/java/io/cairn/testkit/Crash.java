package io.cairn.testkit;

/// Ends the process of an [InMemoryCairn] in the midst of a handler, an action or a probe: what it was doing has no
/// outcome, and another process finds what was committed.
///
/// ```java
/// TaskType.of("mail", "default", run -> {
///     mails.send(run.id(), run.payload());
///     throw new Crash();
/// })
/// ```
public final class Crash extends Error {
    public Crash() {
        super("The process dies, as the test wants it", null, false, false);
    }
}
