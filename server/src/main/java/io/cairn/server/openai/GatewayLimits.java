package io.cairn.server.openai;

import io.cairn.model.ChatLimits;
import java.time.Duration;

/// How long answers may take, and how many calls there may be.
///
/// @param answer a whole one, with all attempts
/// @param callsMax of all callers that may be under way at once
public record GatewayLimits(ChatLimits streams, Duration answer, int callsMax) {}
