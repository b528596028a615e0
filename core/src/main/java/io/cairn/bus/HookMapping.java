package io.cairn.bus;

import io.cairn.event.Appended;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.task.Execution;
import io.cairn.task.Outcome;
import io.cairn.tenant.Context;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Turns each webhook of a hook into an event of the tenant's own, as two templates say.
///
/// A template is text with `{topic}`, `{delivery}` or a JSON pointer into the body, such as `{/repository/id}`, in it:
/// `github.{topic}` names types, `repository/{/repository/id}` names streams. What cannot be named so is a dead letter.
///
/// The event's id follows from the webhook's, so that it is appended once however often that is tried.
///
/// @param event names the type of the event
/// @param stream names the stream's type and, behind the first `/`, its id
public record HookMapping(String event, String stream, Supplier<EventLog> log, InstantSource clock)
        implements HookHandler {
    private static final Pattern PLACE = Pattern.compile("\\{([^{}]+)}");

    public HookMapping {
        int slash = stream.indexOf('/');
        if (slash < 1 || slash == stream.length() - 1 || event.isBlank()) {
            throw new IllegalArgumentException(
                    "A hook's stream is a type, '/' and an id, such as repository/{/repository/id}, and its event has a type; found '%s' and '%s'"
                            .formatted(stream, event));
        }
    }

    @Override
    public Outcome handle(Received webhook, Execution execution) {
        var json = webhook.json();
        if (json.isEmpty()) {
            return Outcome.dead("The body is no JSON");
        }
        var type = filled(event, webhook, json.get());
        var slash = stream.indexOf('/');
        var id = filled(stream.substring(slash + 1), webhook, json.get());
        if (type.isEmpty() || id.isEmpty()) {
            return Outcome.dead("The webhook lacks what '%s' or '%s' names".formatted(event, stream));
        }
        try {
            var streamId = new StreamId(stream.substring(0, slash), id.get());
            var made = new NewEvent(
                    Ids.named("hook-mapped", webhook.event().toString()),
                    new EventType(type.get()),
                    1,
                    streamId.toString(),
                    json.get(),
                    clock.instant(),
                    webhook.event());
            return append(execution.context(), new StreamAppend(streamId, Expected.any(), List.of(made)));
        } catch (IllegalArgumentException e) {
            return Outcome.dead("The webhook names no event: " + e.getMessage());
        }
    }

    private Outcome append(Context context, StreamAppend append) {
        return switch (log.get().append(Unit.of(context, append))) {
            case Appended.Written written -> Outcome.done();
            case Appended.Duplicate duplicate -> Outcome.done();
            case Appended.Refused(var faults) ->
                Outcome.dead("The event is not as its schema says: "
                        + faults.getFirst().detail());
            case Appended.Conflict conflict ->
                Outcome.retry("Stream %s was not as expected".formatted(append.stream()));
            case Appended.Unmet unmet -> Outcome.retry("A row was not as expected");
        };
    }

    private static Optional<String> filled(String template, Received webhook, JsonNode json) {
        var text = new StringBuilder();
        var places = PLACE.matcher(template);
        while (places.find()) {
            var value = value(places.group(1), webhook, json);
            if (value.isEmpty()) {
                return Optional.empty();
            }
            places.appendReplacement(text, Matcher.quoteReplacement(value));
        }
        return Optional.of(places.appendTail(text).toString());
    }

    private static String value(String place, Received webhook, JsonNode json) {
        return switch (place) {
            case "topic" -> webhook.topic() == null ? "" : webhook.topic();
            case "delivery" -> webhook.delivery();
            default -> place.startsWith("/") ? json.at(place).asString("") : "";
        };
    }
}
