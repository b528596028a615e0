package io.cairn.passage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// References to passages as the bytes that every index keeps, and back.
///
/// Numbers take seven bits to a byte, the lowest first; texts are UTF-8 behind their length.
public final class PassageRefs {
    /// Of a reference that does not say how many parts there are.
    private static final byte FIRST_FORMAT = 1;

    private static final byte FORMAT = 2;
    private static final int NUMBER_BYTES_MAX = 10;

    private PassageRefs() {}

    public static byte[] encode(PassageRef ref) {
        var out = ByteBuffer.allocate(bytesMax(ref));
        out.put(FORMAT);
        out.put((byte) ref.kind().ordinal());
        text(out, ref.source());
        number(out, ref.number());
        number(out, ref.part());
        number(out, ref.start());
        number(out, ref.end());
        out.put((byte) (ref.speaker() == null ? 0 : 1));
        if (ref.speaker() != null) {
            text(out, ref.speaker());
        }
        number(out, ref.session());
        out.put((byte) (ref.at() == null ? 0 : 1));
        if (ref.at() != null) {
            number(out, zigzag(ref.at()));
        }
        text(out, ref.language());
        number(out, ref.heading().size());
        ref.heading().forEach(heading -> text(out, heading));
        number(out, ref.parts());
        return Arrays.copyOf(out.array(), out.position());
    }

    private static int bytesMax(PassageRef ref) {
        int texts = bytesMax(ref.source()) + bytesMax(ref.language());
        for (var heading : ref.heading()) {
            texts += bytesMax(heading);
        }
        return 4 + 8 * NUMBER_BYTES_MAX + texts + (ref.speaker() == null ? 0 : bytesMax(ref.speaker()));
    }

    private static int bytesMax(String text) {
        return NUMBER_BYTES_MAX + 3 * text.length();
    }

    public static PassageRef decode(byte[] bytes) {
        return decode(ByteBuffer.wrap(bytes));
    }

    public static PassageRef decode(ByteBuffer in) {
        byte format = in.get();
        if (format != FORMAT && format != FIRST_FORMAT) {
            throw new IllegalStateException("A passage's reference has format %d, and %d is the newest that is known"
                    .formatted(format, FORMAT));
        }
        return new PassageRef(
                Kind.values()[in.get()],
                text(in),
                number(in),
                (int) number(in),
                (int) number(in),
                (int) number(in),
                in.get() == 0 ? null : text(in),
                number(in),
                time(in),
                text(in),
                texts(in),
                format == FIRST_FORMAT ? 0 : (int) number(in));
    }

    private static void text(ByteBuffer out, String text) {
        var bytes = text.getBytes(UTF_8);
        number(out, bytes.length);
        out.put(bytes);
    }

    private static String text(ByteBuffer in) {
        var bytes = new byte[(int) number(in)];
        in.get(bytes);
        return new String(bytes, UTF_8);
    }

    private static List<String> texts(ByteBuffer in) {
        int count = (int) number(in);
        var texts = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            texts.add(text(in));
        }
        return texts;
    }

    private static void number(ByteBuffer out, long number) {
        long rest = number;
        while ((rest & ~0x7FL) != 0) {
            out.put((byte) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    private static long number(ByteBuffer in) {
        long number = 0;
        int shift = 0;
        byte next;
        do {
            next = in.get();
            number |= (next & 0x7FL) << shift;
            shift += 7;
        } while (next < 0);
        return number;
    }

    private static @Nullable Long time(ByteBuffer in) {
        return in.get() == 0 ? null : (Long) straight(number(in));
    }

    /// Small numbers of either sign become small ones without a sign.
    private static long zigzag(long number) {
        return number >> 63 ^ number << 1;
    }

    private static long straight(long zigzag) {
        return zigzag >>> 1 ^ -(zigzag & 1);
    }
}
