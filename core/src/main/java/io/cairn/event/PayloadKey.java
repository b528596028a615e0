package io.cairn.event;

import java.util.UUID;

/// A key under which payloads of a subject are sealed, by its name.
public record PayloadKey(String subject, UUID id) {}
