package io.cairn.server.openai;

import io.cairn.model.ChatLimits;
import java.time.Duration;

/// How long answers may take.
///
/// @param answer a whole one, with all attempts
public record GatewayLimits(ChatLimits streams, Duration answer) {}
