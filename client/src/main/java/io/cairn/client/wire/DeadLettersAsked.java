package io.cairn.client.wire;

/// How many dead letters were asked to begin anew, or given up; it happens a moment later.
public record DeadLettersAsked(int letters) {}
