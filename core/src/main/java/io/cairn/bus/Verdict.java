package io.cairn.bus;

/// What a signature says about a webhook that came in.
public sealed interface Verdict {
    /// It comes from whoever knows the secret, and is not older than allowed.
    ///
    /// @param id the same for every time that the sender sends it
    record Genuine(String id) implements Verdict {}

    /// It is not to be trusted.
    ///
    /// @param why says what is wrong, and nothing of the secret or of the signature that was expected
    record Refused(String why) implements Verdict {}
}
