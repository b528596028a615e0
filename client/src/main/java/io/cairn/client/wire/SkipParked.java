package io.cairn.client.wire;

/// The body of `POST /v1/projections/{name}/parked/skip`: the key whose waiting events are given up.
public record SkipParked(String key) {}
