package io.cairn.adapter.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyInFileTest {
    private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path folder;

    private Path write(String key, int seconds) throws IOException {
        var file = Files.writeString(folder.resolve("openai"), key);
        return Files.setLastModifiedTime(file, FileTime.from(LONG_AGO.plusSeconds(seconds)));
    }

    @Test
    void aFileThatIsNeededAndNotThereIsAnError() {
        var key = ProviderKey.inFile(folder.resolve("openai"));

        assertThatThrownBy(key::value).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void whileAFileIsBeingReplacedTheKeyThatIsKnownStaysInUse() throws IOException {
        var file = write("old", 0);
        var key = ProviderKey.inFile(file);
        assertThat(key.value()).contains("old");

        Files.delete(file);
        assertThat(key.value()).as("away").contains("old");
        assertThat(key.isRenewed(Optional.of("old"))).isFalse();
        write("", 1);
        assertThat(key.value()).as("empty").contains("old");
        assertThat(key.isRenewed(Optional.of("old"))).isFalse();
        write("new", 1);
        assertThat(key.value()).contains("new");
    }

    @Test
    void aFileThatSeemsTheSameIsReadAgainWhenItsKeyIsRefused() throws IOException {
        var key = ProviderKey.inFile(write("old", 0));
        assertThat(key.value()).contains("old");

        write("new", 0);

        assertThat(key.value()).contains("old");
        assertThat(key.isRenewed(Optional.of("old"))).isTrue();
        assertThat(key.value()).contains("new");
    }

    @Test
    void inAFolderOfSecretsTheFileWithTheProvidersNameHoldsItsKey() throws IOException {
        Files.writeString(folder.resolve("claude"), "another's");
        var key = ProviderKey.inFolder(folder, "openai");
        assertThat(key.value()).as("before there is a file").isEmpty();
        assertThat(key.isRenewed(Optional.empty())).isFalse();

        write("first\n", 0);
        assertThat(key.isRenewed(Optional.empty())).isTrue();
        assertThat(key.value()).contains("first");
        write("second\n", 1);
        assertThat(key.value()).contains("second");
        assertThat(key.toString()).doesNotContain("second");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "../openai", "/etc/passwd", "open/ai"})
    void aNameThatLeadsOutOfTheFolderIsRefused(String name) {
        assertThatThrownBy(() -> ProviderKey.inFolder(folder, name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
    }
}
