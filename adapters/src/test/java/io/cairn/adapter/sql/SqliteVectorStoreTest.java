package io.cairn.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.model.ContentKey;
import io.cairn.model.VectorStore;
import io.cairn.model.VectorStoreContract;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteVectorStoreTest extends VectorStoreContract {
    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("vectors.db");
    }

    @Override
    protected VectorStore open() {
        return Watched.vectors(file());
    }

    @Test
    void aFileThatIsNoDatabaseIsSetAsideAndTheStoreStartsAfresh() throws IOException {
        store.close();
        Files.writeString(file(), "this was never a database, though it is long enough to be one".repeat(200));

        store = open();

        assertThat(store.held()).isEmpty();
        assertThat(folder.resolve("vectors.db.damaged")).exists();
        assertThat(works()).isTrue();
    }

    @Test
    void aTruncatedFileIsSetAsideAndTheStoreStartsAfresh() throws IOException {
        fill(2_000);
        store.close();
        try (var bytes = new RandomAccessFile(file().toFile(), "rw")) {
            bytes.setLength(bytes.length() / 2);
        }

        store = open();

        assertThat(folder.resolve("vectors.db.damaged")).exists();
        assertThat(works()).isTrue();
    }

    @Test
    void aPageThatIsDamagedWhileInUseCostsNoCallAndTheNextStartSetsTheFileAside() throws IOException {
        fill(2_000);
        store.close();
        store = open();
        try (var bytes = new RandomAccessFile(file().toFile(), "rw")) {
            for (long page = 3; page < bytes.length() / 8192; page++) {
                bytes.seek(page * 8192);
                bytes.write(new byte[64]);
            }
        }

        assertThat(store.getAll(ACME, SPACE, keys(2_000))).hasSizeLessThan(2_000);
        store.putAll(ACME, SPACE, Map.of(key(1), vector(1)));
        store.close();
        store = open();

        assertThat(folder.resolve("vectors.db.damaged")).exists();
        assertThat(works()).isTrue();
    }

    @Test
    void aFlippedBitInAVectorMakesItAbsent() {
        var bytes = VectorBytes.encoded(vector(7));

        assertThat(VectorBytes.decoded(bytes, 3))
                .hasValueSatisfying(vector -> assertThat(vector).isEqualTo(vector(7)));
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            var flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(VectorBytes.decoded(flipped, 3)).isEmpty();
        }
        assertThat(VectorBytes.decoded(bytes, 4)).isEmpty();
    }

    @Test
    void whatWasPutIsThereAfterTheProcessIsGone() throws IOException {
        fill(500);
        var copy = folder.resolve("copy.db");
        for (var suffix : List.of("", "-wal")) {
            Files.copy(
                    folder.resolve("vectors.db" + suffix),
                    folder.resolve("copy.db" + suffix),
                    StandardCopyOption.REPLACE_EXISTING);
        }

        try (var revived = Watched.vectors(copy)) {
            assertThat(revived.getAll(ACME, SPACE, keys(500))).hasSize(500);
        }
    }

    @Test
    void aReopenedStoreRemembersAndGoesOnSweeping() {
        fill(10);
        store.sweep(ACME, SPACE, keys(10).stream());
        store.close();
        store = open();

        assertThat(store.getAll(ACME, SPACE, keys(10))).hasSize(10);
        assertThat(store.sweep(ACME, SPACE, Stream.of(key(3)))).isEqualTo(9);
    }

    private boolean works() {
        store.putAll(ACME, SPACE, Map.of(key(1), vector(1)));
        return store.getAll(ACME, SPACE, List.of(key(1))).size() == 1;
    }

    private void fill(int count) {
        var batch = new HashMap<ContentKey, float[]>();
        IntStream.range(0, count).forEach(i -> batch.put(key(i), vector(i)));
        store.putAll(ACME, SPACE, batch);
    }

    private static List<ContentKey> keys(int count) {
        return IntStream.range(0, count).mapToObj(VectorStoreContract::key).toList();
    }
}
