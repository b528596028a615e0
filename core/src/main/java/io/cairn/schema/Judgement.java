package io.cairn.schema;

import io.cairn.event.Admission.Verdict;
import io.cairn.event.EventType;
import io.cairn.event.NewEvent;
import io.cairn.event.PayloadFault;
import io.cairn.event.Reserved;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Judges events by what is known at one moment.
final class Judgement {
    private final Map<EventType, UpcasterChain> declared;
    private final Reserved reserved;
    private final KnownTypes known;
    private final SchemaSettings settings;
    private final List<PayloadFault> faults = new ArrayList<>();
    private boolean uncertain;

    Judgement(Map<EventType, UpcasterChain> declared, Reserved reserved, KnownTypes known, SchemaSettings settings) {
        this.declared = declared;
        this.reserved = reserved;
        this.known = known;
        this.settings = settings;
    }

    Verdict of(List<NewEvent> events) {
        for (int i = 0; i < events.size() && faults.size() < settings.faultsMax(); i++) {
            judge(i, events.get(i));
        }
        if (!faults.isEmpty()) {
            return new Verdict.Refused(faults);
        }
        return uncertain ? new Verdict.Provided(EventSchemas.STREAM, known.version()) : new Verdict.Granted();
    }

    private void judge(int index, NewEvent event) {
        var own = declared.get(event.type());
        if (own != null) {
            requireVersion(index, event, own.newest());
        } else if (!reserved.event(event.type())) {
            var type = known.find(event.type());
            if (type == null) {
                judgeUnknown(index, event);
            } else if (requireVersion(index, event, type.newest())) {
                check(index, event, type.versions().get(event.schemaVersion() - 1));
            }
        }
    }

    private void judgeUnknown(int index, NewEvent event) {
        switch (settings.unknownTypes()) {
            case PASS -> uncertain = true;
            case REFUSE ->
                faults.add(new PayloadFault(
                        index,
                        "type_unknown",
                        null,
                        "No schema of %s is registered, and unknown types are refused here".formatted(event.type()),
                        event.type().name(),
                        "a registered type"));
        }
    }

    private boolean requireVersion(int index, NewEvent event, int newest) {
        if (event.schemaVersion() <= newest) {
            return true;
        }
        faults.add(new PayloadFault(
                index,
                "version_unknown",
                null,
                "%s has no version %d".formatted(event.type(), event.schemaVersion()),
                Integer.toString(event.schemaVersion()),
                newest == 1 ? "1" : "1 to " + newest));
        return false;
    }

    private void check(int index, NewEvent event, KnownVersion version) {
        switch (version.compiled()) {
            case JsonSchemas.Compiled.Ready(var schema) ->
                schema.check(event.payload(), settings.faultsMax() - faults.size())
                        .forEach(mismatch -> faults.add(new PayloadFault(
                                index,
                                "schema_violated",
                                mismatch.pointer(),
                                "%s version %d, %s: %s"
                                        .formatted(
                                                event.type(),
                                                event.schemaVersion(),
                                                place(mismatch.pointer()),
                                                mismatch.detail()),
                                mismatch.found(),
                                mismatch.allowed())));
            case JsonSchemas.Compiled.Refused(var pointer, var reason) ->
                faults.add(new PayloadFault(
                        index,
                        "schema_unusable",
                        null,
                        "This release cannot use the schema of %s version %d (at '%s': %s)"
                                .formatted(event.type(), event.schemaVersion(), pointer, reason),
                        null,
                        null));
        }
    }

    private static String place(String pointer) {
        return pointer.isEmpty() ? "the payload" : pointer;
    }
}
