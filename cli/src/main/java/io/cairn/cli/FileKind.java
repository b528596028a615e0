package io.cairn.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/// What a file is, as far as its name and first bytes tell.
sealed interface FileKind {
    /// Text that can be sent as it is.
    record Text(String mediaType) implements FileKind {}

    /// A format from which the server extracts the text.
    record Binary(String mediaType) implements FileKind {}

    /// Nothing that holds text, such as a picture.
    record Other(String extension) implements FileKind {}

    int SNIFFED = 8192;

    Map<String, FileKind> BY_EXTENSION = Map.ofEntries(
            Map.entry("md", new Text("text/markdown")),
            Map.entry("markdown", new Text("text/markdown")),
            Map.entry("txt", new Text("text/plain")),
            Map.entry("html", new Binary("text/html")),
            Map.entry("htm", new Binary("text/html")),
            Map.entry("xhtml", new Binary("application/xhtml+xml")),
            Map.entry("pdf", new Binary("application/pdf")),
            Map.entry("docx", new Binary("application/vnd.openxmlformats-officedocument.wordprocessingml.document")),
            Map.entry("xlsx", new Binary("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")),
            Map.entry("pptx", new Binary("application/vnd.openxmlformats-officedocument.presentationml.presentation")),
            Map.entry("doc", new Binary("application/msword")),
            Map.entry("xls", new Binary("application/vnd.ms-excel")),
            Map.entry("ppt", new Binary("application/vnd.ms-powerpoint")),
            Map.entry("rtf", new Binary("application/rtf")),
            Map.entry("odt", new Binary("application/vnd.oasis.opendocument.text")),
            Map.entry("epub", new Binary("application/epub+zip")),
            Map.entry("eml", new Binary("message/rfc822")),
            Map.entry("msg", new Binary("application/vnd.ms-outlook")),
            Map.entry("zip", new Binary("application/zip")),
            Map.entry("tar", new Binary("application/x-tar")),
            Map.entry("tgz", new Binary("application/gzip")),
            Map.entry("gz", new Binary("application/gzip")),
            Map.entry("bz2", new Binary("application/x-bzip2")),
            Map.entry("xz", new Binary("application/x-xz")),
            Map.entry("7z", new Binary("application/x-7z-compressed")));

    static FileKind of(Path file) throws IOException {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        String extension = name.substring(name.lastIndexOf('.') + 1);
        FileKind known = BY_EXTENSION.get(extension);
        if (known != null) {
            return known;
        }
        return looksLikeText(file)
                ? new Text("text/plain")
                : new Other(name.contains(".") ? extension : "no extension");
    }

    private static boolean looksLikeText(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            for (byte each : in.readNBytes(SNIFFED)) {
                boolean control = each >= 0 && each < ' ' && "\t\n\f\r\u001b".indexOf(each) < 0;
                if (control) {
                    return false;
                }
            }
            return true;
        }
    }
}
