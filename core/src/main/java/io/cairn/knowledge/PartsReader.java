package io.cairn.knowledge;

import io.cairn.event.Names;
import io.cairn.knowledge.Extraction.Extracted;
import io.cairn.knowledge.Extraction.Reason;
import io.cairn.knowledge.Extraction.Refused;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// Reads the files within one file, and those within them in turn: each is read or refused for itself.
///
/// All of them together keep to one measure of depth, number, bytes and time, so that nothing is gained by nesting.
final class PartsReader {
    static final int DEPTH_MAX = 5;
    static final Duration TIME_MAX = Duration.ofMinutes(5);

    /// Of the id of a document with parts, so that there is room for theirs.
    static final int ID_LENGTH_MAX = 400;

    private final TextExtractor extractor;
    private final Supplier<Instant> clock;
    private final DocumentId root;
    private final int bytesMax;
    private final Instant end;
    private final List<Part.Read> read = new ArrayList<>();
    private final Set<DocumentId> taken = new HashSet<>();
    private long bytes;

    /// @param bytesOfRoot of the file that holds them all
    PartsReader(TextExtractor extractor, Supplier<Instant> clock, DocumentId root, int bytesOfRoot) {
        this.extractor = extractor;
        this.clock = clock;
        this.root = root;
        this.bytesMax = Parts.bytesMax(bytesOfRoot);
        this.end = clock.get().plus(TIME_MAX);
    }

    /// The parts of parts behind those in which they are.
    List<Part.Read> read(List<Part> parts) {
        parts.forEach(part -> read(root, part, 1));
        return read;
    }

    private void read(DocumentId within, Part part, int depth) {
        var id = id(within, part.name());
        int place = read.size();
        var extraction = allowed(part, depth);
        read.add(new Part.Read(id, within, part, extraction));
        if (extraction instanceof Extracted extracted && extracted.holdsParts()) {
            switch (extractor.unpack(part.content(), part.mediaType(), part.name())) {
                case Parts.Found(var parts) -> parts.forEach(inner -> read(id, inner, depth + 1));
                case Refused refused -> read.set(place, new Part.Read(id, within, part, refused));
            }
        }
    }

    private Extraction allowed(Part part, int depth) {
        if (root.id().length() > ID_LENGTH_MAX) {
            return new Refused(
                    Reason.TOO_DEEP,
                    "A document with parts has an id of at most %d characters".formatted(ID_LENGTH_MAX));
        }
        if (depth > DEPTH_MAX) {
            return new Refused(Reason.TOO_DEEP, "It is nested more than %d deep".formatted(DEPTH_MAX));
        }
        if (read.size() >= Parts.COUNT_MAX) {
            return new Refused(Reason.TOO_DEEP, "The file holds more than %d files".formatted(Parts.COUNT_MAX));
        }
        bytes += part.content().length;
        if (bytes > bytesMax) {
            return new Refused(
                    Reason.TOO_LARGE, "What is in the file has more than %d bytes together".formatted(bytesMax));
        }
        if (clock.get().isAfter(end)) {
            return new Refused(
                    Reason.TIMED_OUT,
                    "Reading what is in the file took longer than %d s".formatted(TIME_MAX.toSeconds()));
        }
        return extractor.extract(part.content(), part.mediaType(), part.name());
    }

    private DocumentId id(DocumentId within, String name) {
        var id = fitting(within.part(name));
        for (int same = 2; !taken.add(id); same++) {
            id = fitting(within.part(name + "#" + same));
        }
        return id;
    }

    /// An id that is too long keeps its beginning; what follows tells it from others.
    private static DocumentId fitting(String id) {
        if (id.length() <= Names.ID_LENGTH_MAX) {
            return new DocumentId(id);
        }
        var told = "~" + HexFormat.of().formatHex(sha256(id), 0, 16);
        int end = Names.ID_LENGTH_MAX - told.length();
        return new DocumentId(id.substring(0, Character.isHighSurrogate(id.charAt(end - 1)) ? end - 1 : end) + told);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
