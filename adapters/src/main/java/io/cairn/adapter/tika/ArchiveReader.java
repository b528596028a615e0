package io.cairn.adapter.tika;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.Set;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.apache.tika.mime.MediaType;
import org.jspecify.annotations.Nullable;

/// Takes the files out of an archive. Folders, links and what systems add for themselves are no files.
final class ArchiveReader {
    private static final Set<String> TAR = Set.of("application/x-tar", "application/x-gtar");
    private static final Set<String> COMPRESSED =
            Set.of("application/gzip", "application/x-bzip2", "application/x-bzip", "application/x-xz");
    private static final Set<String> OTHER = Set.of("application/zip", "application/x-7z-compressed");
    private static final int TAR_RECORD = 512;
    private static final int MEMORY_KILOBYTES = 64 << 10;

    private final PartsTaken taken;

    private ArchiveReader(PartsTaken taken) {
        this.taken = taken;
    }

    static boolean reads(MediaType type) {
        String name = type.toString();
        return TAR.contains(name) || COMPRESSED.contains(name) || OTHER.contains(name);
    }

    static PartsTaken parts(Upload upload, MediaType type, ExtractionLimits limits) throws IOException, Unreadable {
        PartsTaken taken = new PartsTaken(upload.content().length, limits);
        new ArchiveReader(taken).read(upload, type.toString());
        return taken;
    }

    private void read(Upload upload, String type) throws IOException, Unreadable {
        byte[] content = upload.content();
        if (TAR.contains(type)) {
            tar(new ByteArrayInputStream(content));
        } else if (COMPRESSED.contains(type)) {
            compressed(content, type, upload.fileName());
        } else if (type.equals("application/zip")) {
            zip(content);
        } else {
            sevenZip(content);
        }
    }

    private void zip(byte[] content) throws IOException, Unreadable {
        try (ZipFile zip = ZipFile.builder()
                .setSeekableByteChannel(new SeekableInMemoryByteChannel(content))
                .get()) {
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                if (entry.getGeneralPurposeBit().usesEncryption()) {
                    throw new Unreadable(Refusals.passwordProtected());
                }
                if (!entry.isDirectory() && !entry.isUnixSymlink() && isOfUsers(entry.getName())) {
                    try (InputStream file = zip.getInputStream(entry)) {
                        taken.add(entry.getName(), null, file);
                    }
                }
            }
        }
    }

    private void tar(InputStream content) throws IOException, Unreadable {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(content)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                boolean isFile = entry.isFile() && !entry.isLink() && !entry.isSymbolicLink();
                if (isFile && isOfUsers(entry.getName())) {
                    taken.add(entry.getName(), null, tar);
                }
            }
        }
    }

    private void sevenZip(byte[] content) throws IOException, Unreadable {
        try (SevenZFile archive = SevenZFile.builder()
                .setSeekableByteChannel(new SeekableInMemoryByteChannel(content))
                .setMaxMemoryLimitKiB(MEMORY_KILOBYTES)
                .get()) {
            for (SevenZArchiveEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
                if (!entry.isDirectory() && entry.getName() != null && isOfUsers(entry.getName())) {
                    taken.add(entry.getName(), null, archive.getInputStream(entry));
                }
            }
        }
    }

    /// One file, or an archive of many that was compressed as a whole.
    private void compressed(byte[] content, String type, @Nullable String fileName) throws IOException, Unreadable {
        byte[] unpacked;
        try (InputStream stream = decompressing(new ByteArrayInputStream(content), type)) {
            unpacked = taken.bounded(stream);
        }
        if (TarArchiveInputStream.matches(unpacked, Math.min(unpacked.length, TAR_RECORD))) {
            tar(new ByteArrayInputStream(unpacked));
        } else {
            taken.add(nameWithin(fileName), null, new ByteArrayInputStream(unpacked));
        }
    }

    private static InputStream decompressing(InputStream content, String type) throws IOException {
        return switch (type) {
            case "application/gzip" ->
                GzipCompressorInputStream.builder()
                        .setInputStream(content)
                        .setDecompressConcatenated(true)
                        .get();
            case "application/x-xz" -> new XZCompressorInputStream(content, true, MEMORY_KILOBYTES);
            default -> new BZip2CompressorInputStream(content, true);
        };
    }

    private static String nameWithin(@Nullable String fileName) {
        if (fileName == null) {
            return "file";
        }
        String name = fileName.substring(fileName.lastIndexOf('/') + 1);
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    private static boolean isOfUsers(String name) {
        return !name.startsWith("__MACOSX/")
                && !name.endsWith(".DS_Store")
                && !name.endsWith("Thumbs.db")
                && !name.endsWith("/desktop.ini");
    }
}
