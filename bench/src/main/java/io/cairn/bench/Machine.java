package io.cairn.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Locale;

/// Where and when something was measured.
final class Machine {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
    private static final String MODEL = "model name";

    private Machine() {}

    /// One line to stand above a table, with the load before it: on a busy machine only ratios mean anything.
    static String line() {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return String.format(
                Locale.ROOT,
                "%s; %d cores, %s%s, %d GB; JDK %s, heap %d MB; load before %.1f",
                LocalDate.now(),
                Runtime.getRuntime().availableProcessors(),
                processor(),
                extensions(),
                Math.round(system.getTotalMemorySize() / 1e9),
                Runtime.version(),
                Runtime.getRuntime().maxMemory() >> 20,
                system.getSystemLoadAverage());
    }

    private static String processor() {
        return Files.exists(PROCESSORS) ? value(MODEL) : System.getProperty("os.arch");
    }

    /// What int8 models and quantised vectors are fast with.
    private static String extensions() {
        return Files.exists(PROCESSORS) && value("flags").contains("avx512_vnni") ? " with AVX-512 VNNI" : "";
    }

    private static String value(String field) {
        try (var lines = Files.lines(PROCESSORS)) {
            return lines.filter(line -> line.startsWith(field))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
