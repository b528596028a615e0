package io.cairn.server.openai;

import io.cairn.model.ChatLimits;
import java.time.Duration;

/// How chats are done: how long answers may take, how many calls there may be, and what the memory does.
///
/// @param answer a whole one, with all attempts
/// @param memory what chats have to do with it unless they say otherwise
/// @param callsMax of all callers that may be under way at once
public record GatewayLimits(ChatLimits streams, Duration answer, int callsMax, MemoryDefaults memory) {}
