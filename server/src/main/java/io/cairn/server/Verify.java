package io.cairn.server;

import io.cairn.archive.Verification;
import io.cairn.server.http.Json;
import io.cairn.server.wiring.OfflineLog;
import java.util.List;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/// Checks a log that no server holds: exit code 0 if it is as it was written, 1 if not.
final class Verify {
    private static final List<String> OPTIONS = List.of("--data", "--config", "--json");
    private static final long TOLD_EVERY = 10_000;

    private Verify() {}

    static int run(List<String> args) {
        var arguments = Arguments.of(args, OPTIONS);
        LoggingSystem.get(Verify.class.getClassLoader()).setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.WARN);
        try {
            var found = OfflineLog.verify(arguments.settings(), Verify::progress);
            return tell(found, arguments.flags().contains("--json"));
        } catch (RuntimeException e) {
            return StartFailure.told(e);
        }
    }

    private static void progress(long events) {
        if (events % TOLD_EVERY == 0) {
            System.err.printf("checked %,d events%n", events);
        }
    }

    private static int tell(Verification found, boolean json) {
        if (json) {
            System.out.println(Json.mapper().writeValueAsString(found));
        } else {
            found.problems()
                    .forEach(problem -> System.out.printf(
                            "partition %d, position %d: %s%n",
                            problem.partition(), problem.position(), problem.what()));
            System.out.printf(
                    "%,d events checked%s, %d problems%n",
                    found.events(),
                    found.opened()
                            ? ", with their keys and documents"
                            : "; keys and documents could not be opened without the master key",
                    found.problems().size());
        }
        return found.problems().isEmpty() ? 0 : 1;
    }
}
