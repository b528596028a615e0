package io.cairn.model;

import java.util.Optional;

/// A piece of a streamed answer.
///
/// @param data as OpenAI writes it, one JSON object
/// @param content whether it says something: a word or a part of a tool call, and not only who speaks
/// @param usage what the answer took, which one of the last pieces tells
/// @param usageOnly whether it tells that and nothing else
public record ChatPiece(String data, boolean content, Optional<Usage> usage, boolean usageOnly) {}
