package io.cairn.server.openai;

import io.cairn.server.http.Allowances;
import io.cairn.server.http.Call;
import io.cairn.server.http.Trouble;
import java.time.Duration;
import org.springframework.stereotype.Component;

/// The calls of models that are under way, of which a tenant may hold half and a key a quarter.
@Component
final class OpenCalls {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Allowances places;

    OpenCalls(GatewayLimits limits) {
        int all = limits.callsMax();
        this.places = new Allowances(all, Math.ceilDiv(all, 2), Math.ceilDiv(all, 4));
    }

    /// Takes a place, which comes back when it is closed.
    Place take(Call call) {
        var caller = call.context();
        try {
            if (!places.take(caller, 1, Duration.ZERO)) {
                throw Trouble.MODEL_LIMITED
                        .because("As many calls of this tenant, of this key or of all are under way as may be")
                        .retryAfter(RETRY_AFTER);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Attended.ClientGoneException();
        }
        return () -> places.give(caller, 1);
    }

    /// A place that was taken.
    interface Place extends AutoCloseable {
        @Override
        void close();
    }
}
