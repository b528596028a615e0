package io.cairn.server.mcp;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelcontextprotocol.common.McpTransportContext;
import org.junit.jupiter.api.Test;

class McpCallerTest {
    @Test
    void aToolThatNobodyIsKnownToHaveCalledFails() {
        assertThatThrownBy(() -> Caller.of(McpTransportContext.EMPTY)).isInstanceOf(IllegalStateException.class);
    }
}
