package io.cairn.adapter.tika;

import io.cairn.knowledge.Extraction;
import io.cairn.knowledge.Extraction.Refused;
import io.cairn.knowledge.Parts;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One parsing process, seen from the server: it reads a file at a time, under a cap of memory and time.
///
/// Only the thread that has taken it from the pool may use it.
final class ParserProcess implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ParserProcess.class);

    /// The status with which a JVM ends that was told to end when its memory is exhausted.
    private static final int OUT_OF_MEMORY = 3;

    private static final Duration TIME_TO_START = Duration.ofSeconds(60);
    private static final Duration TIME_TO_DIE = Duration.ofSeconds(10);

    /// The server's environment holds its secrets, and options for its own JVM.
    private static final Set<String> INHERITED_ENVIRONMENT = Set.of("PATH", "LANG", "LC_ALL", "TZ", "SystemRoot");

    private final ExtractionLimits limits;
    private final Path temporary;
    private final Process process;
    private final DataOutputStream uploads;
    private final DataInputStream answers;
    private int filesRead;
    private volatile boolean late;

    private ParserProcess(ExtractionLimits limits, Path temporary, Process process) {
        this.limits = limits;
        this.temporary = temporary;
        this.process = process;
        this.uploads = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
        this.answers = new DataInputStream(new BufferedInputStream(process.getInputStream()));
        Thread.ofVirtual().name("parser-log-" + process.pid()).start(this::passOnLog);
    }

    /// Starts a process that runs this class and waits until it takes files.
    static ParserProcess start(ExtractionLimits limits, Class<?> main) throws IOException, InterruptedException {
        Path temporary = Files.createTempDirectory("cairn-parser-");
        ProcessBuilder builder = new ProcessBuilder(command(limits, main, temporary));
        builder.environment().keySet().retainAll(INHERITED_ENVIRONMENT);
        ParserProcess started = new ParserProcess(limits, temporary, builder.start());
        try {
            started.within(TIME_TO_START, () -> {
                Wire.readReady(started.answers);
                return started;
            });
        } catch (IOException e) {
            started.close();
            throw new IOException("Parsing process did not start (%s)".formatted(started.causeOfDeath()), e);
        }
        log.debug("Parsing process {} takes files", started.process.pid());
        return started;
    }

    private static List<String> command(ExtractionLimits limits, Class<?> main, Path temporary) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx%dm".formatted(limits.heapMegabytes()),
                "-XX:MaxMetaspaceSize=160m",
                "-XX:MaxDirectMemorySize=32m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+DisplayVMOutputToStderr",
                "-XX:-UsePerfData",
                "-Djava.awt.headless=true",
                "-Dlogback.configurationFile=io/cairn/adapter/tika/parser-logback.xml",
                "-Djava.io.tmpdir=" + temporary));
        command.addAll(ClassPathOfChild.arguments(main));
        command.addAll(ParserMain.arguments(limits));
        return command;
    }

    /// Reads one file. A process that did anything but answer in time is dead when this returns.
    Extraction read(Upload upload) throws InterruptedException {
        return this.<Extraction>answer(
                new Wire.Request(upload, false),
                () -> Wire.readExtraction(answers, limits.maxCharacters()),
                refused -> refused);
    }

    /// Gives the parts of one file, in the same manner.
    Parts unpack(Upload upload) throws InterruptedException {
        return this.<Parts>answer(
                new Wire.Request(upload, true), () -> Wire.readParts(answers, limits.maxBytes()), refused -> refused);
    }

    private <T> T answer(Wire.Request request, Exchange<T> answer, Function<Refused, T> refused)
            throws InterruptedException {
        filesRead++;
        try {
            return within(limits.deadline(), () -> {
                Wire.write(request, uploads);
                return answer.run();
            });
        } catch (IOException e) {
            log.debug("Parsing process {} did not answer", process.pid(), e);
            String cause = causeOfDeath();
            return refused.apply(late ? Refusals.timedOut(limits.deadline()) : Refusals.crashed(cause));
        }
    }

    /// The pipes know no deadlines, but reading from them ends when the process does.
    private <T> T within(Duration deadline, Exchange<T> exchange) throws IOException, InterruptedException {
        Thread watch =
                Thread.ofVirtual().name("parser-deadline-" + process.pid()).start(() -> killAfter(deadline));
        try {
            return exchange.run();
        } finally {
            watch.interrupt();
            watch.join();
        }
    }

    private void killAfter(Duration deadline) {
        try {
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                late = true;
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            log.trace("Parsing process {} answered in time", process.pid());
        }
    }

    private String causeOfDeath() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(TIME_TO_DIE.toMillis(), TimeUnit.MILLISECONDS)) {
            return "it does not answer and cannot be ended";
        }
        return process.exitValue() == OUT_OF_MEMORY
                ? "it needed more than %d MB of memory".formatted(limits.heapMegabytes())
                : "it ended with status %d".formatted(process.exitValue());
    }

    boolean isUsable() {
        return !late && process.isAlive() && filesRead < limits.filesPerProcess();
    }

    boolean hasReadBefore() {
        return filesRead > 0;
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    private void passOnLog() {
        try (BufferedReader lines = process.errorReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.debug("Parsing process {}: {}", process.pid(), line);
            }
        } catch (IOException e) {
            log.debug("Log of parsing process {} broke off", process.pid(), e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit()
                .thenRun(this::deleteTemporary)
                .completeOnTimeout(null, TIME_TO_DIE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    private void deleteTemporary() {
        try (Stream<Path> left = Files.walk(temporary)) {
            for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            log.warn("Temporary files of parsing process {} stay in {}: {}", process.pid(), temporary, e.toString());
        }
    }

    /// What is said over the pipes, from a request to its answer.
    private interface Exchange<T> {
        T run() throws IOException;
    }
}
