package io.cairn.adapter.tika;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MediaType;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/// Does to its process what its file says, as parsers with bugs do.
final class HostileParser implements Parser {
    /// A type that no other parser takes.
    static final String TYPE = "text/vnd.graphviz";

    /// With a folder behind it: waits until two parsers are at work at once, each of which leaves a file there.
    static final String MEET = "meet ";

    private static final long serialVersionUID = 1L;

    @Override
    public Set<MediaType> getSupportedTypes(ParseContext context) {
        return Set.of(MediaType.parse(TYPE));
    }

    @Override
    public void parse(InputStream stream, ContentHandler handler, Metadata metadata, ParseContext context)
            throws IOException, SAXException {
        var order = new String(stream.readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
        if (order.startsWith(MEET)) {
            meet(Path.of(order.substring(MEET.length())), handler);
            return;
        }
        switch (order) {
            case "loop" -> loop();
            case "exhaust" -> exhaust();
            case "exit" -> System.exit(7);
            case "recurse" -> recurse(1);
            case "endless" -> endless(handler);
            default -> throw new IOException("Does not know what to do");
        }
    }

    private static void loop() {
        while (true) {
            Thread.onSpinWait();
        }
    }

    private static void meet(Path folder, ContentHandler handler) throws IOException, SAXException {
        Files.createTempFile(folder, "at-work", "");
        long there = 0;
        while (there < 2) {
            Thread.onSpinWait();
            try (var files = Files.list(folder)) {
                there = files.count();
            }
        }
        var met = "We met".toCharArray();
        handler.characters(met, 0, met.length);
    }

    private static void exhaust() {
        List<byte[]> kept = new ArrayList<>();
        while (true) {
            kept.add(new byte[1 << 20]);
        }
    }

    private static int recurse(int depth) {
        return depth < 0 ? depth : recurse(depth + 1) + recurse(depth + 2);
    }

    private static void endless(ContentHandler handler) throws SAXException {
        char[] word = "word ".toCharArray();
        while (true) {
            handler.characters(word, 0, word.length);
        }
    }

    /// The parsing process with this parser among its own.
    static final class Main {
        private Main() {}

        public static void main(String[] arguments) throws IOException, InterruptedException {
            ParserMain.run(arguments, List.of(new HostileParser()));
        }
    }
}
