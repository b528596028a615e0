package io.cairn.row;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Comparator;

/// The order in which every store keeps keys: part by part, texts by their UTF-8 bytes and numbers by value.
public final class RowOrder {
    /// Orders keys; a key comes after its own prefixes.
    public static final Comparator<RowKey> KEYS = RowOrder::compare;

    private RowOrder() {}

    public static boolean startsWith(RowKey key, RowKey prefix) {
        int length = prefix.parts().size();
        return key.parts().size() >= length && compare(new RowKey(key.parts().subList(0, length)), prefix) == 0;
    }

    private static int compare(RowKey left, RowKey right) {
        int common = Math.min(left.parts().size(), right.parts().size());
        for (int i = 0; i < common; i++) {
            int order = compare(left.parts().get(i), right.parts().get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.parts().size(), right.parts().size());
    }

    private static int compare(Object left, Object right) {
        return switch (left) {
            case Long number -> number.compareTo((Long) right);
            case String text -> Arrays.compareUnsigned(text.getBytes(UTF_8), ((String) right).getBytes(UTF_8));
            case byte[] bytes -> Arrays.compareUnsigned(bytes, (byte[]) right);
            default -> throw new IllegalArgumentException("Not a key's part: " + left.getClass());
        };
    }
}
