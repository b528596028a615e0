package io.cairn.client.wire;

/// What handing in one document answers.
public record StoredDocument(String id, int version, String position, DocumentStatus status) {}
