package io.cairn.bench;

import io.cairn.model.EmbeddingMeter;
import io.cairn.model.Embeddings;
import io.cairn.model.VectorStore;
import io.cairn.seal.MasterKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/// The real model and the vectors that it made, shared by all test classes of a run: each text is embedded once.
final class SharedEmbeddings implements BeforeAllCallback {
    static final MasterKey KEY = new MasterKey(new byte[MasterKey.BYTES]);

    private @Nullable Embeddings embeddings;

    @Override
    public void beforeAll(ExtensionContext context) {
        embeddings = context.getRoot()
                .getStore(Namespace.create(SharedEmbeddings.class))
                .computeIfAbsent(Opened.class, opened -> Opened.open(), Opened.class)
                .embeddings();
    }

    Embeddings get() {
        return Objects.requireNonNull(embeddings);
    }

    /// JUnit closes it after the last test.
    private record Opened(Path natives, Embeddings embeddings) implements AutoCloseable {
        static Opened open() {
            try {
                var natives = Files.createTempDirectory("cairn-natives");
                return new Opened(
                        natives,
                        new Embeddings(
                                Models.bgeSmall(natives),
                                VectorStore.inMemory(),
                                KEY::fingerprintKey,
                                EmbeddingMeter.none(),
                                Embeddings.Settings.DEFAULT));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            embeddings.close();
            try (var files = Files.walk(natives)) {
                for (var file : files.toList().reversed()) {
                    Files.delete(file);
                }
            }
        }
    }
}
