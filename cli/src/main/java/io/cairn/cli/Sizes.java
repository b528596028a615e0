package io.cairn.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Numbers of bytes as a person writes and reads them.
final class Sizes {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,9})\\s*([KMG]?)(i?B)?", Pattern.CASE_INSENSITIVE);

    private Sizes() {}

    static long bytes(String text) {
        Matcher size = TEXT.matcher(text.strip());
        if (!size.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no size; 500K, 20M and 1G are.");
        }
        int shift = switch (size.group(2).toUpperCase(Locale.ROOT)) {
            case "K" -> 10;
            case "M" -> 20;
            case "G" -> 30;
            default -> 0;
        };
        return Long.parseLong(size.group(1)) << shift;
    }

    static String text(long bytes) {
        if (bytes < 1 << 10) {
            return bytes + " B";
        }
        if (bytes < 1 << 20) {
            return bytes / (1 << 10) + " KiB";
        }
        return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
    }
}
