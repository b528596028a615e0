package io.cairn.server.mcp;

import static java.util.stream.Collectors.joining;

import io.cairn.client.wire.ProblemItem;
import io.cairn.server.http.Json;
import io.cairn.server.http.Problems;
import io.cairn.server.http.Refusal;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Has tools do what they are called for, and tells a model in words why one did not.
final class ToolCalls {
    private static final Logger LOG = LoggerFactory.getLogger(ToolCalls.class);

    private final Problems problems;
    private final MeterRegistry meters;

    ToolCalls(Problems problems, MeterRegistry meters) {
        this.problems = problems;
        this.meters = meters;
    }

    CallToolResult call(Tool tool, McpTransportContext transport, CallToolRequest request) {
        var started = Timer.start(meters);
        var result = outcome(tool, transport, request);
        started.stop(Timer.builder("mcp.tool.duration")
                .tag("tool", tool.name())
                .tag("status", Boolean.TRUE.equals(result.isError()) ? "error" : "ok")
                .register(meters));
        return result;
    }

    private CallToolResult outcome(Tool tool, McpTransportContext transport, CallToolRequest request) {
        try {
            var caller = Caller.of(transport);
            caller.call().count("tool", tool.name());
            caller.require(tool);
            var arguments = request.arguments();
            return done(tool.call(caller, arguments == null ? Map.of() : arguments));
        } catch (RuntimeException e) {
            return failed(tool, problems.refusal(e), e);
        }
    }

    private static CallToolResult done(Tool.Told told) {
        JsonNode structured = Json.mapper().valueToTree(told.structured());
        return CallToolResult.builder(List.of(TextContent.builder(told.text()).build()))
                .structuredContent(structured)
                .build();
    }

    private static CallToolResult failed(Tool tool, Refusal refusal, RuntimeException cause) {
        var code = refusal.trouble().code();
        if (refusal.trouble().status() >= 500) {
            LOG.error("The tool {} failed", tool.name(), cause);
        }
        return CallToolResult.builder(
                        List.of(TextContent.builder(words(refusal)).build()))
                .isError(true)
                .meta(Map.of("io.cairn/code", code))
                .build();
    }

    private static String words(Refusal refusal) {
        var details = refusal.errors().isEmpty()
                ? refusal.detail()
                : refusal.errors().stream().map(ToolCalls::words).collect(joining("; "));
        return "%s (%s): %s. %s"
                .formatted(
                        refusal.trouble().title(),
                        refusal.trouble().code(),
                        details,
                        refusal.trouble().remedy());
    }

    private static String words(ProblemItem item) {
        var allowed = item.allowed();
        return allowed == null || item.detail().contains(allowed)
                ? item.detail()
                : item.detail() + "; allowed: " + allowed;
    }
}
