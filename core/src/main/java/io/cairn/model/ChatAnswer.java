package io.cairn.model;

/// A whole answer.
///
/// @param body as OpenAI writes it
public record ChatAnswer(String body, Usage usage) {}
