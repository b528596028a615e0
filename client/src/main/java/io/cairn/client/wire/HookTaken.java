package io.cairn.client.wire;

/// What a hook says to whoever sent a webhook: the event that it became, and whether it is `accepted` or a `duplicate`.
public record HookTaken(String event, String status) {}
