package io.cairn.server.mcp;

import java.time.Duration;

/// How many sessions may be open, and how long one stays so that nobody uses.
public record McpLimits(int sessionsMax, Duration sessionIdleMax) {}
