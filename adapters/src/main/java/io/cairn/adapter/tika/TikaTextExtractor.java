package io.cairn.adapter.tika;

import io.cairn.knowledge.Extraction;
import io.cairn.knowledge.Parts;
import io.cairn.knowledge.TextExtractor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads plain text and Markdown itself and gives every other file to a parsing process.
///
/// The process starts with the first file that needs one, and ends when none has come for a while. It is capped in
/// memory and killed at the file's deadline, so a hostile file can cost no more than its own refusal.
public final class TikaTextExtractor implements TextExtractor, AutoCloseable {
    private final ExtractionLimits limits;
    private final PlainReader plain;
    private final ParserPool pool;

    public TikaTextExtractor(ExtractionLimits limits) {
        this(limits, ParserMain.class);
    }

    TikaTextExtractor(ExtractionLimits limits, Class<?> processMain) {
        this.limits = limits;
        this.plain = new PlainReader(limits.maxCharacters());
        this.pool = new ParserPool(limits, processMain);
    }

    @Override
    public Extraction extract(byte[] content, @Nullable String mediaType, @Nullable String fileName) {
        Upload upload = new Upload(content, mediaType, fileName);
        if (content.length > limits.maxBytes()) {
            return Refusals.tooLarge(content.length, limits.maxBytes());
        }
        if (content.length == 0) {
            return Refusals.empty();
        }
        return upload.isPlain() || upload.isMarkdown() ? plain.read(upload) : inProcess(() -> pool.read(upload));
    }

    @Override
    public Parts unpack(byte[] content, @Nullable String mediaType, @Nullable String fileName) {
        return inProcess(() -> pool.unpack(new Upload(content, mediaType, fileName)));
    }

    private static <T> T inProcess(Parse<T> parse) {
        try {
            return parse.run();
        } catch (IOException e) {
            throw new UncheckedIOException("No file but text and Markdown can be read: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for a parsing process", e);
        }
    }

    /// The process that would read the next file, if one is there.
    Optional<ProcessHandle> nextProcess() {
        return pool.next();
    }

    @Override
    public void close() {
        pool.close();
    }

    private interface Parse<T> {
        T run() throws IOException, InterruptedException;
    }
}
