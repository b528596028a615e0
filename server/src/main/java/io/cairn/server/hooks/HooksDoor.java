package io.cairn.server.hooks;

import io.cairn.bus.Hooks;
import io.cairn.bus.Taken;
import io.cairn.client.wire.HookTaken;
import io.cairn.event.ExactJson;
import io.cairn.server.http.Call;
import io.cairn.server.http.Field;
import io.cairn.server.http.HttpLimits;
import io.cairn.server.http.Refusal;
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
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;

/// Takes webhooks in: their signature is the key, and they are acknowledged once they are durable.
@RestController
@RequestMapping("/hooks")
final class HooksDoor {
    private static final Logger LOG = LoggerFactory.getLogger(HooksDoor.class);

    private final Hooks hooks;
    private final MeterRegistry meters;
    private final HttpLimits limits;

    HooksDoor(Hooks hooks, MeterRegistry meters, HttpLimits limits) {
        this.hooks = hooks;
        this.meters = meters;
        this.limits = limits;
    }

    @PostMapping("/{name}")
    ResponseEntity<HookTaken> take(Call call, @PathVariable String name, HttpServletRequest request)
            throws IOException {
        if (!hooks.has(name)) {
            throw unknown();
        }
        var body = body(request);
        var taken = hooks.take(
                name,
                header -> Collections.list(request.getHeaders(header)),
                body,
                call.correlation(),
                () -> requireStorable(body));
        return switch (taken) {
            case Taken.Durable(var event, var again) -> {
                count(name, again ? "again" : "taken");
                yield ResponseEntity.status(again ? 200 : 202)
                        .body(new HookTaken(event.toString(), again ? "duplicate" : "accepted"));
            }
            case Taken.Unknown unknown -> throw unknown();
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

    private static Refusal unknown() {
        return Trouble.NOT_FOUND.because("There is no hook of that name");
    }

    /// Anybody may send here, so no more is read than could be kept.
    private byte[] body(HttpServletRequest request) throws IOException {
        int bytesMax = (int) Math.min(limits.payloadBytesMax(), Integer.MAX_VALUE - 1);
        var body = request.getInputStream().readNBytes(bytesMax + 1);
        if (body.length > bytesMax) {
            throw Trouble.TOO_LARGE.because(
                    "The webhook has more than the allowed %d bytes (cairn.limits.payload)".formatted(bytesMax));
        }
        return body;
    }

    /// JSON may become the payload of an event; anything else is kept as it came.
    private static void requireStorable(byte[] body) {
        var field = Field.of("body");
        try {
            field.json(ExactJson.mapper().readTree(body));
        } catch (StreamConstraintsException | NumberFormatException beyond) {
            throw field.invalid(
                    Field.shown(beyond.getMessage()), "JSON of at most 100 levels, with numbers of usual size");
        } catch (JacksonException notJson) {
            LOG.atDebug().log("a webhook is no JSON: {}", notJson.getOriginalMessage());
        }
    }

    private void count(String hook, String outcome) {
        meters.counter("hooks.received", "hook", hook, "outcome", outcome).increment();
    }
}
