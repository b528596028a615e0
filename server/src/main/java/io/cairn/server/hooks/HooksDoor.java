package io.cairn.server.hooks;

import io.cairn.bus.Hooks;
import io.cairn.bus.Taken;
import io.cairn.client.wire.HookTaken;
import io.cairn.server.http.Call;
import io.cairn.server.http.Field;
import io.cairn.server.http.Trouble;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Collections;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Takes webhooks in: their signature is the key, and they are acknowledged once they are durable.
@RestController
@RequestMapping("/hooks")
final class HooksDoor {
    private static final Logger LOG = LoggerFactory.getLogger(HooksDoor.class);

    private final Hooks hooks;
    private final MeterRegistry meters;

    HooksDoor(Hooks hooks, MeterRegistry meters) {
        this.hooks = hooks;
        this.meters = meters;
    }

    @PostMapping("/{name}")
    ResponseEntity<HookTaken> take(Call call, @PathVariable String name, HttpServletRequest request)
            throws IOException {
        var body = request.getInputStream().readAllBytes();
        var taken = hooks.take(name, header -> Collections.list(request.getHeaders(header)), body, call.correlation());
        return switch (taken) {
            case Taken.Durable(var event, var again) -> {
                count(name, again ? "again" : "taken");
                yield ResponseEntity.status(again ? 200 : 202)
                        .body(new HookTaken(event.toString(), again ? "duplicate" : "accepted"));
            }
            case Taken.Unknown unknown -> throw Trouble.NOT_FOUND.because("There is no hook of that name");
            case Taken.Refused(var why) -> {
                count(name, "refused");
                LOG.atWarn()
                        .addKeyValue("hook", name)
                        .addKeyValue("address", request.getRemoteAddr())
                        .log("refused a webhook: {}", why);
                throw Trouble.SIGNATURE_REFUSED.because(why);
            }
            case Taken.Reused(var delivery) -> {
                count(name, "reused");
                LOG.atWarn().addKeyValue("hook", name).log("webhook {} came again with other content", delivery);
                throw Trouble.ID_REUSED.because(
                        "A webhook with the id %s and other content was taken before".formatted(Field.shown(delivery)));
            }
        };
    }

    private void count(String hook, String outcome) {
        meters.counter("hooks.received", "hook", hook, "outcome", outcome).increment();
    }
}
