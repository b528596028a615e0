package io.cairn.bus;

/// What became of a wish to make or change an endpoint.
public sealed interface EndpointChanged {
    /// It is as wished.
    record Changed(Endpoint endpoint) implements EndpointChanged {}

    /// It has a new secret, which is shown this once.
    record Secret(Endpoint endpoint, WebhookSecret secret) implements EndpointChanged {}

    /// There is none with this id.
    record Missing() implements EndpointChanged {}

    /// It may not be as wished.
    ///
    /// @param field that is wrong
    record Refused(String field, String why) implements EndpointChanged {}

    /// Somebody else has changed it in the same moment.
    record Raced() implements EndpointChanged {}
}
