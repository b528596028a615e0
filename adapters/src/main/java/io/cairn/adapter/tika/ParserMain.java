package io.cairn.adapter.tika;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import org.apache.tika.parser.Parser;

/// The parsing process: takes uploads from its standard input and gives their texts or
/// parts to its standard output.
///
/// Its own life hangs on that input. A thread of its own waits for the next upload even while one is read, so
/// that the process ends with the server, however the server ended and whatever a parser is doing.
final class ParserMain {
    private final ExtractionLimits limits;
    private final SynchronousQueue<Wire.Request> requests = new SynchronousQueue<>();

    private ParserMain(ExtractionLimits limits) {
        this.limits = limits;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        run(arguments, List.of());
    }

    /// Serves with parsers beside those that [DocumentReader] has.
    static void run(String[] arguments, List<Parser> additional) throws IOException, InterruptedException {
        DataOutputStream answers =
                new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
        System.setOut(System.err);
        new ParserMain(limits(arguments)).serve(answers, additional);
    }

    /// The limits that concern what happens in this process, as [#arguments] puts them.
    private static ExtractionLimits limits(String[] arguments) {
        ExtractionLimits rest = ExtractionLimits.DEFAULT;
        return new ExtractionLimits(
                Integer.parseInt(arguments[0]),
                Integer.parseInt(arguments[1]),
                Duration.ofMillis(Long.parseLong(arguments[2])),
                rest.heapMegabytes(),
                rest.processes(),
                rest.filesPerProcess(),
                rest.idle());
    }

    static List<String> arguments(ExtractionLimits limits) {
        return List.of(
                Integer.toString(limits.maxBytes()),
                Integer.toString(limits.maxCharacters()),
                Long.toString(limits.deadline().toMillis()));
    }

    private void serve(DataOutputStream answers, List<Parser> additional) throws IOException, InterruptedException {
        Thread.ofPlatform().daemon().name("requests").start(this::receive);
        DocumentReader reader = new DocumentReader(limits, additional);
        Wire.writeReady(answers);
        while (true) {
            Wire.Request request = requests.take();
            if (request.unpack()) {
                Wire.write(reader.unpack(request.upload()), answers);
            } else {
                Wire.write(reader.read(request.upload()), answers);
            }
        }
    }

    private void receive() {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in)))) {
            while (true) {
                requests.put(Wire.readRequest(in, limits.maxBytes()));
            }
        } catch (EOFException e) {
            Runtime.getRuntime().halt(0);
        } catch (IOException | InterruptedException | RuntimeException e) {
            System.err.println("Parsing process gives up: " + e);
            Runtime.getRuntime().halt(1);
        }
    }
}
