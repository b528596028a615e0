package io.cairn.server;

import io.cairn.archive.LogCopy.Outcome;
import io.cairn.server.http.Json;
import io.cairn.server.wiring.CopySide;
import io.cairn.server.wiring.OfflineCopy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/// Copies a log between a data folder and PostgreSQL: exit code 0 if all of it is there and was verified, 1 if not.
final class Copy {
    private static final List<String> OPTIONS = List.of(
            "--from",
            "--from-user",
            "--from-password-file",
            "--from-root-certificate",
            "--from-partitions",
            "--to",
            "--to-user",
            "--to-password-file",
            "--to-root-certificate",
            "--to-partitions",
            "--master-key-file",
            "--config",
            "--json");
    private static final Duration TOLD_EVERY = Duration.ofSeconds(5);

    private final ProgressBar bar = new ProgressBar(System.err);
    private final long began = System.nanoTime();
    private long told = began;

    private Copy() {}

    static int run(List<String> args) {
        var arguments = Arguments.of(args, OPTIONS);
        LoggingSystem.get(Copy.class.getClassLoader()).setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.WARN);
        var from = side(arguments, "from");
        var to = side(arguments, "to");
        return new Copy().run(from, to, arguments);
    }

    private int run(CopySide from, CopySide to, Arguments arguments) {
        try {
            var copied = OfflineCopy.run(from, to, arguments.settings(), this::progress);
            bar.clear();
            return tell(copied, arguments.flags().contains("--json"));
        } catch (RuntimeException e) {
            bar.clear();
            return StartFailure.told(e);
        }
    }

    private static CopySide side(Arguments arguments, String side) {
        var place = arguments
                .setting("copy." + side)
                .orElseThrow(() ->
                        new UsageException("copy needs --%s, a data folder or a URL of PostgreSQL".formatted(side)));
        Function<String, Optional<String>> option = name -> arguments.setting("copy.%s-%s".formatted(side, name));
        try {
            return new CopySide(
                    place,
                    option.apply("user").orElse(null),
                    option.apply("password-file").map(Path::of).orElse(null),
                    option.apply("root-certificate").map(Path::of).orElse(null),
                    option.apply("partitions").map(Integer::valueOf).orElse(null));
        } catch (NumberFormatException e) {
            throw new UsageException("--%s-partitions is a number".formatted(side));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--%s: %s".formatted(side, e.getMessage()));
        }
    }

    /// Where nobody watches, a line now and then.
    private void progress(String what, long done, long total) {
        bar.at(what, done, total);
        long now = System.nanoTime();
        if (!bar.watched() && now - told > TOLD_EVERY.toNanos()) {
            told = now;
            System.err.printf("%s: %,d of %,d%n", what, done, total);
        }
    }

    private int tell(OfflineCopy.Copied copied, boolean json) {
        long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
        if (json) {
            System.out.println(Json.mapper().writeValueAsString(json(copied, millis)));
        } else if (copied.outcome() instanceof Outcome.Whole whole) {
            report(whole, copied, millis);
        }
        var trouble = trouble(copied);
        trouble.ifPresent(sentence -> System.err.println("cairn: " + sentence));
        return copied.outcome() instanceof Outcome.Whole ? 0 : 1;
    }

    private static void report(Outcome.Whole whole, OfflineCopy.Copied copied, long millis) {
        System.out.printf("from      %s%nto        %s%n", copied.from(), copied.to());
        System.out.printf(
                "copied    %,d events of %,d tenants in %,d streams, %,d rows beside them, %,d vectors, in %.1f s%n",
                whole.events(), whole.tenants(), whole.streams(), whole.rows(), copied.vectors(), millis / 1000.0);
        if (whole.written() < whole.events()) {
            System.out.printf("          %,d of these events were there already%n", whole.events() - whole.written());
        }
        System.out.println(
                "verified  both chains; every tenant's events, versions and times, in their order; every row");
        System.out.printf("key       both open with %s%n", copied.masterKey());
    }

    private static Map<String, Object> json(OfflineCopy.Copied copied, long millis) {
        var json = new LinkedHashMap<String, Object>();
        json.put("whole", copied.outcome() instanceof Outcome.Whole);
        json.put("from", copied.from());
        json.put("to", copied.to());
        if (copied.outcome() instanceof Outcome.Whole whole) {
            json.put("events", whole.events());
            json.put("events_written", whole.written());
            json.put("events_behind", whole.behind());
            json.put("rows", whole.rows());
            json.put("tenants", whole.tenants());
            json.put("streams", whole.streams());
            json.put("vectors", copied.vectors());
            json.put("master_key_file", copied.masterKey());
        } else {
            json.put("reason", trouble(copied).orElse(""));
        }
        json.put("took_ms", millis);
        return json;
    }

    private static Optional<String> trouble(OfflineCopy.Copied copied) {
        return Optional.ofNullable(
                switch (copied.outcome()) {
                    case Outcome.Whole whole when whole.behind() == 0 -> null;
                    case Outcome.Whole(
                            var events,
                            var written,
                            var rows,
                            var tenants,
                            var streams,
                            var behind,
                            var heads) ->
                        "the source has got %,d events since the copy was begun, which are not in it: to move, stop what writes to the source and copy into an empty target"
                                .formatted(behind);
                    case Outcome.OtherMasterKey(var ofTarget) ->
                        "the master key %s does not open %s; name the right one with --master-key-file"
                                .formatted(copied.masterKey(), ofTarget ? copied.to() : copied.from());
                    case Outcome.SameLog same -> "%s and %s are one log".formatted(copied.from(), copied.to());
                    case Outcome.NotEmpty(var events) ->
                        "%s is not empty (it holds %,d events) and no unfinished copy; name an empty target"
                                .formatted(copied.to(), events);
                    case Outcome.OfAnotherLog(var epoch) ->
                        "%s is a copy of another log (%s), or an unfinished one; name an empty target"
                                .formatted(copied.to(), epoch);
                    case Outcome.GoneOn(var events) ->
                        "%s became a copy of this log and has gone on by itself since; to copy again, name an empty target"
                                .formatted(copied.to());
                    case Outcome.OtherPast past ->
                        "%s does not hold any more what the copy in %s was begun with: one of them was replaced; name an empty target"
                                .formatted(copied.from(), copied.to());
                    case Outcome.Differs(var problems) ->
                        "the copy is not what its source is, and stays unfinished: " + String.join("; ", problems);
                });
    }
}
