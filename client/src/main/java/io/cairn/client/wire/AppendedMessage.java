package io.cairn.client.wire;

/// The id of a stored message and its sequence number in its conversation, counted from 1.
public record AppendedMessage(String id, long sequence) {}
