package io.cairn.client.wire;

/// A webhook that was sent to try an endpoint; `task` tells what became of it.
public record WebhookPing(String task) {}
