package io.cairn.adapter.tika;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One file as it came, with what its sender says of it.
record Upload(
        byte[] content,
        @Nullable String mediaType,
        @Nullable String fileName) {
    static final String PLAIN = "text/plain";
    static final String MARKDOWN = "text/markdown";

    /// What senders write when they do not know.
    private static final Set<String> MEANINGLESS =
            Set.of("", "application/octet-stream", "binary/octet-stream", "application/x-www-form-urlencoded");

    private static final Set<String> MARKDOWN_TYPES = Set.of(MARKDOWN, "text/x-markdown", "text/x-web-markdown");
    private static final Set<String> MARKDOWN_EXTENSIONS = Set.of("md", "markdown", "mdown", "mkd");
    private static final Set<String> PLAIN_EXTENSIONS = Set.of("txt", "text");
    private static final Pattern CHARSET = Pattern.compile("(?i)charset\\s*=\\s*[\"']?([^\\s;\"']+)");

    /// The claimed type without parameters, unless the claim says nothing.
    Optional<String> claimedType() {
        return Optional.ofNullable(mediaType)
                .map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                .filter(type -> !MEANINGLESS.contains(type));
    }

    Optional<Charset> claimedCharset() {
        if (mediaType == null) {
            return Optional.empty();
        }
        Matcher matcher = CHARSET.matcher(mediaType);
        return matcher.find() ? charset(matcher.group(1)) : Optional.empty();
    }

    /// The character set of this name, if this machine has it.
    static Optional<Charset> charset(String name) {
        try {
            return Optional.of(Charset.forName(name));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Optional.empty();
        }
    }

    boolean isMarkdown() {
        return claimedType()
                .map(type -> MARKDOWN_TYPES.contains(type) || type.equals(PLAIN) && hasExtension(MARKDOWN_EXTENSIONS))
                .orElseGet(() -> hasExtension(MARKDOWN_EXTENSIONS));
    }

    boolean isPlain() {
        return !isMarkdown() && claimedType().map(PLAIN::equals).orElseGet(() -> hasExtension(PLAIN_EXTENSIONS));
    }

    private boolean hasExtension(Set<String> extensions) {
        if (fileName == null) {
            return false;
        }
        String extension = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return extensions.contains(extension);
    }
}
