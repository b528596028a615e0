package io.cairn.adapter.tika;

import io.cairn.knowledge.Extraction;
import io.cairn.knowledge.Extraction.Extracted;
import io.cairn.knowledge.Extraction.Reason;
import io.cairn.knowledge.Extraction.Refused;
import io.cairn.knowledge.Part;
import io.cairn.knowledge.Parts;
import io.cairn.knowledge.Parts.Found;
import io.cairn.text.Heading;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What goes over the pipe between the server and a parsing process: one upload there, its text or its
/// parts back.
///
/// Only lengths, numbers and UTF-8, never serialised objects: a parser that a hostile file has taken over could
/// otherwise choose what the server instantiates. The server therefore also bounds every length it is told.
final class Wire {
    private static final int READY = 0xCA124;
    private static final int MOST_HEADINGS = 1_000_000;
    private static final int MOST_FIELDS = 1_000;
    private static final int MOST_PAGES = 1_000_000;
    private static final int LONGEST_FIELD = 1 << 20;
    private static final int BYTES_PER_CHARACTER = 4;

    private Wire() {}

    /// The process has loaded its parsers: from here on the time that a file takes is its own.
    static void writeReady(DataOutputStream out) throws IOException {
        out.writeInt(READY);
        out.flush();
    }

    static void readReady(DataInputStream in) throws IOException {
        int word = in.readInt();
        if (word != READY) {
            throw new IOException("Parsing process began with %x, expected %x".formatted(word, READY));
        }
    }

    /// @param unpack whether its parts are wanted, rather than its text
    record Request(Upload upload, boolean unpack) {}

    static void write(Request request, DataOutputStream out) throws IOException {
        Upload upload = request.upload();
        out.writeBoolean(request.unpack());
        writeBytes(upload.content(), out);
        writeOptional(upload.mediaType(), out);
        writeOptional(upload.fileName(), out);
        out.flush();
    }

    static Request readRequest(DataInputStream in, int maxBytes) throws IOException {
        boolean unpack = in.readBoolean();
        return new Request(new Upload(readBytes(in, maxBytes), readOptional(in), readOptional(in)), unpack);
    }

    static void write(Parts parts, DataOutputStream out) throws IOException {
        switch (parts) {
            case Found(List<Part> found) -> writeParts(found, out);
            case Refused refused -> writeRefused(refused, out);
        }
        out.flush();
    }

    static Parts readParts(DataInputStream in, int maxBytes) throws IOException {
        return in.readBoolean() ? new Found(readFound(in, maxBytes)) : readRefused(in);
    }

    private static void writeParts(List<Part> parts, DataOutputStream out) throws IOException {
        out.writeBoolean(true);
        out.writeInt(parts.size());
        for (Part part : parts) {
            writeString(part.name(), out);
            writeOptional(part.mediaType(), out);
            writeBytes(part.content(), out);
        }
    }

    private static List<Part> readFound(DataInputStream in, int maxBytes) throws IOException {
        int count = readLength(in, Parts.COUNT_MAX);
        List<Part> parts = new ArrayList<>();
        int left = maxBytes;
        for (int i = 0; i < count; i++) {
            String name = readString(in, LONGEST_FIELD);
            String type = readOptional(in);
            byte[] content = readBytes(in, left);
            left -= content.length;
            parts.add(new Part(name, content, type));
        }
        return parts;
    }

    static void write(Extraction extraction, DataOutputStream out) throws IOException {
        switch (extraction) {
            case Extracted extracted -> writeExtracted(extracted, out);
            case Refused refused -> writeRefused(refused, out);
        }
        out.flush();
    }

    static Extraction readExtraction(DataInputStream in, int maxCharacters) throws IOException {
        return in.readBoolean() ? readExtracted(in, maxCharacters) : readRefused(in);
    }

    private static void writeRefused(Refused refused, DataOutputStream out) throws IOException {
        out.writeBoolean(false);
        writeString(refused.reason().name(), out);
        writeString(refused.detail(), out);
    }

    private static Refused readRefused(DataInputStream in) throws IOException {
        String name = readString(in, LONGEST_FIELD);
        String detail = readString(in, LONGEST_FIELD);
        try {
            return new Refused(Reason.valueOf(name), detail);
        } catch (IllegalArgumentException e) {
            throw new IOException("Parsing process gave an unknown reason: " + name, e);
        }
    }

    private static void writeExtracted(Extracted extracted, DataOutputStream out) throws IOException {
        out.writeBoolean(true);
        writeString(extracted.text(), out);
        out.writeInt(extracted.headings().size());
        for (Heading heading : extracted.headings()) {
            out.writeInt(heading.start());
            out.writeInt(heading.end());
            out.writeInt(heading.level());
            writeString(heading.title(), out);
        }
        writeOptional(extracted.title(), out);
        writeString(extracted.mediaType(), out);
        out.writeInt(extracted.metadata().size());
        for (Map.Entry<String, String> field : extracted.metadata().entrySet()) {
            writeString(field.getKey(), out);
            writeString(field.getValue(), out);
        }
        out.writeInt(extracted.pages().size());
        for (int page : extracted.pages()) {
            out.writeInt(page);
        }
        out.writeBoolean(extracted.holdsParts());
    }

    private static Extracted readExtracted(DataInputStream in, int maxCharacters) throws IOException {
        int maxBytes = (int) Math.min(Integer.MAX_VALUE, (long) maxCharacters * BYTES_PER_CHARACTER);
        try {
            String text = readString(in, maxBytes);
            return new Extracted(
                    text,
                    readHeadings(in),
                    readOptional(in),
                    readString(in, LONGEST_FIELD),
                    readMetadata(in),
                    readPages(in),
                    in.readBoolean());
        } catch (IllegalArgumentException e) {
            throw new IOException("Parsing process contradicts itself: " + e.getMessage(), e);
        }
    }

    private static List<Heading> readHeadings(DataInputStream in) throws IOException {
        int count = readLength(in, MOST_HEADINGS);
        List<Heading> headings = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            headings.add(new Heading(in.readInt(), in.readInt(), in.readInt(), readString(in, LONGEST_FIELD)));
        }
        return headings;
    }

    private static Map<String, String> readMetadata(DataInputStream in) throws IOException {
        int count = readLength(in, MOST_FIELDS);
        Map<String, String> metadata = new HashMap<>();
        for (int i = 0; i < count; i++) {
            metadata.put(readString(in, LONGEST_FIELD), readString(in, LONGEST_FIELD));
        }
        return metadata;
    }

    private static List<Integer> readPages(DataInputStream in) throws IOException {
        int count = readLength(in, MOST_PAGES);
        List<Integer> pages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pages.add(in.readInt());
        }
        return pages;
    }

    private static void writeOptional(@Nullable String value, DataOutputStream out) throws IOException {
        out.writeBoolean(value != null);
        if (value != null) {
            writeString(value, out);
        }
    }

    private static @Nullable String readOptional(DataInputStream in) throws IOException {
        return in.readBoolean() ? readString(in, LONGEST_FIELD) : null;
    }

    private static void writeString(String value, DataOutputStream out) throws IOException {
        writeBytes(value.getBytes(StandardCharsets.UTF_8), out);
    }

    private static String readString(DataInputStream in, int maxBytes) throws IOException {
        return new String(readBytes(in, maxBytes), StandardCharsets.UTF_8);
    }

    private static void writeBytes(byte[] bytes, DataOutputStream out) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] readBytes(DataInputStream in, int maxBytes) throws IOException {
        byte[] bytes = new byte[readLength(in, maxBytes)];
        in.readFully(bytes);
        return bytes;
    }

    private static int readLength(DataInputStream in, int most) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > most) {
            throw new IOException("Length %d on the wire, allowed are 0 to %d".formatted(length, most));
        }
        return length;
    }
}
