package io.cairn.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.ProtocolVersions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class McpSessionsTest {
    private static final Context ANA = new Context(new Tenant("a"), "ana", "c1");
    private static final Context OTHER = new Context(new Tenant("b"), "ana", "c3");
    private static final Context BOB = new Context(new Tenant("a"), "bob", "c2");

    private Instant now = Instant.parse("2026-03-01T00:00:00Z");
    private final McpSessions sessions = new McpSessions(2, Duration.ofMinutes(10), () -> now);
    private final McpSyncServer server = McpServer.sync(sessions)
            .jsonSchemaValidator(new TrustedSchemas())
            .immediateExecution(true)
            .build();

    @AfterEach
    void stop() {
        server.close();
    }

    private String begin(Context caller) {
        var request = InitializeRequest.builder(
                        ProtocolVersions.MCP_2025_06_18,
                        ClientCapabilities.builder().build(),
                        Implementation.builder("test", "1").build())
                .build();
        return sessions.begin(caller, request).id();
    }

    @Test
    void oneThatNobodyUsesIsDropped() {
        var idle = begin(ANA);
        now = now.plus(Duration.ofMinutes(9));
        var used = begin(ANA);
        now = now.plus(Duration.ofMinutes(2));
        assertThat(sessions.find(idle, ANA)).isEmpty();
        assertThat(sessions.find(used, ANA)).isPresent();
        assertThat(sessions.count()).isEqualTo(1);
    }

    @Test
    void useKeepsASessionOpen() {
        var used = begin(ANA);
        for (int i = 0; i < 5; i++) {
            now = now.plus(Duration.ofMinutes(9));
            assertThat(sessions.find(used, ANA)).isPresent();
        }
    }

    @Test
    void oneTooManyTakesThePlaceOfTheLeastRecentlyUsed() {
        var first = begin(ANA);
        var second = begin(ANA);
        assertThat(sessions.find(first, ANA)).isPresent();
        var third = begin(ANA);
        assertThat(sessions.find(second, ANA)).isEmpty();
        assertThat(sessions.find(first, ANA)).isPresent();
        assertThat(sessions.find(third, ANA)).isPresent();
    }

    @Test
    void manySessionsOfOneKeyCloseOnlyItsOwn() {
        var bobs = begin(BOB);
        var first = begin(ANA);
        var last = begin(ANA);
        for (int i = 0; i < 10; i++) {
            last = begin(ANA);
        }
        assertThat(sessions.find(bobs, BOB)).isPresent();
        assertThat(sessions.find(first, ANA)).isEmpty();
        assertThat(sessions.find(last, ANA)).isPresent();
    }

    @Test
    void manyKeysOfOneTenantCloseOnlyItsOwn() {
        var session = begin(OTHER);
        for (int i = 0; i < 10; i++) {
            begin(new Context(new Tenant("a"), "key-" + i, "c"));
        }
        assertThat(sessions.find(session, OTHER)).isPresent();
    }

    @Test
    void nobodyButItsOwnerFindsOrEndsASession() {
        var session = begin(ANA);
        assertThat(sessions.find(session, BOB)).isEmpty();
        assertThat(sessions.end(session, BOB)).isFalse();
        assertThat(sessions.end(session, ANA)).isTrue();
        assertThat(sessions.end(session, ANA)).isFalse();
    }

    @Test
    void aStrangersTriesDoNotKeepASessionOpen() {
        var session = begin(ANA);
        now = now.plus(Duration.ofMinutes(9));
        assertThat(sessions.find(session, BOB)).isEmpty();
        now = now.plus(Duration.ofMinutes(2));
        assertThat(sessions.find(session, ANA)).isEmpty();
    }

    @Test
    void aServerThatStopsEndsThemAll() {
        begin(ANA);
        server.closeGracefully();
        assertThat(sessions.count()).isZero();
    }
}
