package io.cairn.adapter.tika;

import io.cairn.knowledge.Part;
import io.cairn.knowledge.Parts;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The parts of one file as they come out of it, up to a number, and to a size that is bounded by the file's own: a
/// small file that is made to unpack to absurdly much is refused before it does.
final class PartsTaken {
    private final List<Part> parts = new ArrayList<>();
    private final int mostBytes;
    private int bytes;

    PartsTaken(int bytesOfFile, ExtractionLimits limits) {
        this.mostBytes = Math.min(limits.maxBytes(), Parts.bytesMax(bytesOfFile));
    }

    void add(String name, @Nullable String mediaType, InputStream content) throws IOException, Unreadable {
        if (parts.size() == Parts.COUNT_MAX) {
            throw new Unreadable(
                    Refusals.tooDeep("There are more than %d files in it; send fewer in one, or each for itself"
                            .formatted(Parts.COUNT_MAX)));
        }
        byte[] taken = bounded(content);
        bytes += taken.length;
        parts.add(new Part(name, taken, mediaType));
    }

    /// As much as may still be taken.
    byte[] bounded(InputStream content) throws IOException, Unreadable {
        byte[] taken = content.readNBytes(mostBytes - bytes + 1);
        if (taken.length > mostBytes - bytes) {
            throw new Unreadable(Refusals.tooDeep(
                    "The files in it have more than %d bytes together; send fewer in one, or each for itself"
                            .formatted(mostBytes)));
        }
        return taken;
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    List<Part> all() {
        return List.copyOf(parts);
    }

    String names(String between) {
        return parts.stream().map(Part::name).collect(Collectors.joining(between));
    }
}
