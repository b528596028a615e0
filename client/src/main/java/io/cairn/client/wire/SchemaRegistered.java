package io.cairn.client.wire;

/// What a registration answers: `status` is `created`, or `unchanged` if the same was registered before.
public record SchemaRegistered(String type, int version, String status, String position) {}
