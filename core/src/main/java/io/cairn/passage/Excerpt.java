package io.cairn.passage;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The text that stands at a reference, and where to look it up.
///
/// @param meaning the text to embed where only this stretch counts
/// @param at when it was said, or the time that its document gives
public record Excerpt(String text, String meaning, @Nullable Instant at, Citation citation) {}
