package io.cairn.server.openai;

import io.cairn.guard.Turns;
import io.cairn.server.http.Call;
import io.cairn.server.http.Connections;
import io.cairn.server.http.Trouble;
import io.cairn.tenant.Tenant;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;

/// Calls that belong together, such as those of one session or one user: they never overlap, and come in their order.
@Component
final class CallContexts {
    private static final String HEADER = "X-Cairn-Context";
    private static final int NAME_LENGTH_MAX = 200;
    private static final int WAITING_MAX = 16;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private record Context(Tenant tenant, String name) {}

    private final Turns<Context> turns = new Turns<>(WAITING_MAX);
    private final Duration limit;

    CallContexts(GatewayLimits limits, MeterRegistry meters) {
        this.limit = limits.answer();
        Gauge.builder("model.contexts", turns, Turns::keys).register(meters);
    }

    /// Waits until the calls before this one of its context are over.
    ///
    /// @return none if the request names no context
    Optional<Turns.Turn> take(Call call, HttpServletRequest request, Connections.Client client) {
        var name = request.getHeader(HEADER);
        if (name == null) {
            return Optional.empty();
        }
        if (name.isBlank() || name.length() > NAME_LENGTH_MAX) {
            throw Trouble.MALFORMED_REQUEST.because(
                    "Header %s has 1 to %d characters".formatted(HEADER, NAME_LENGTH_MAX));
        }
        var context = new Context(call.tenant(), name);
        var turn = Attended.take(client, () -> turns.take(context, limit), taken -> taken.ifPresent(Turns.Turn::close));
        if (turn.isEmpty()) {
            throw Trouble.MODEL_LIMITED
                    .because("Too many calls of this context wait, or those before this one take too long")
                    .retryAfter(RETRY_AFTER);
        }
        return turn;
    }
}
