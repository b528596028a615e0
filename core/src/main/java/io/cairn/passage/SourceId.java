package io.cairn.passage;

/// One conversation, document or the like.
///
/// @param id of the conversation or document
public record SourceId(Kind kind, String id) {}
