package io.cairn.adapter.lucene;

import io.cairn.recall.Kind;
import io.cairn.recall.UnitRef;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.store.ByteArrayDataInput;
import org.apache.lucene.store.OutputStreamDataOutput;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/// References to units as bytes in an index, and back.
final class UnitRefs {
    private static final byte FORMAT = 1;

    private UnitRefs() {}

    static BytesRef encode(UnitRef ref) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new OutputStreamDataOutput(bytes)) {
            out.writeByte(FORMAT);
            out.writeByte((byte) ref.kind().ordinal());
            out.writeString(ref.source());
            out.writeVLong(ref.number());
            out.writeVInt(ref.part());
            out.writeVInt(ref.start());
            out.writeVInt(ref.end());
            optional(out, ref.speaker());
            out.writeVLong(ref.session());
            out.writeByte((byte) (ref.at() == null ? 0 : 1));
            if (ref.at() != null) {
                out.writeZLong(ref.at());
            }
            out.writeString(ref.language());
            out.writeVInt(ref.heading().size());
            for (var heading : ref.heading()) {
                out.writeString(heading);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new BytesRef(bytes.toByteArray());
    }

    private static void optional(OutputStreamDataOutput out, @Nullable String text) throws IOException {
        out.writeByte((byte) (text == null ? 0 : 1));
        if (text != null) {
            out.writeString(text);
        }
    }

    static UnitRef decode(BytesRef bytes) {
        var in = new ByteArrayDataInput(bytes.bytes, bytes.offset, bytes.length);
        byte format = in.readByte();
        if (format != FORMAT) {
            throw new IllegalStateException("A unit's reference has format %d, not %d".formatted(format, FORMAT));
        }
        try {
            return new UnitRef(
                    Kind.values()[in.readByte()],
                    in.readString(),
                    in.readVLong(),
                    in.readVInt(),
                    in.readVInt(),
                    in.readVInt(),
                    in.readByte() == 0 ? null : in.readString(),
                    in.readVLong(),
                    in.readByte() == 0 ? null : in.readZLong(),
                    in.readString(),
                    headings(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> headings(ByteArrayDataInput in) throws IOException {
        int count = in.readVInt();
        var headings = new ArrayList<String>(count);
        for (int i = 0; i < count; i++) {
            headings.add(in.readString());
        }
        return headings;
    }
}
