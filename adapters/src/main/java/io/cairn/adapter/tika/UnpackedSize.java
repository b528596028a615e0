package io.cairn.adapter.tika;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/// Unpacks a zip file once to see how much is in it, before a parser spends its time on that.
///
/// Parsers that stream look at what they report, not at what they read: a document of gigabytes of empty paragraphs
/// would only be stopped by the deadline.
final class UnpackedSize {
    private static final int HARMLESS = 32 << 20;
    private static final int LARGEST_RATIO = 100;
    private static final long LARGEST = 1L << 30;
    private static final int BUFFER = 1 << 16;

    private UnpackedSize() {}

    static void check(byte[] content) throws IOException, Unreadable {
        if (content.length < 2 || content[0] != 'P' || content[1] != 'K') {
            return;
        }
        long allowed = Math.min(LARGEST, Math.max(HARMLESS, (long) content.length * LARGEST_RATIO));
        byte[] buffer = new byte[BUFFER];
        long unpacked = 0;
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(content))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                for (int read = zip.read(buffer); read >= 0; read = zip.read(buffer)) {
                    unpacked += read;
                    if (unpacked > allowed) {
                        throw new Unreadable(Refusals.bomb());
                    }
                }
            }
        }
    }
}
