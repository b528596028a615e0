package io.cairn.adapter.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativesTest {
    @TempDir
    Path folder;

    @Test
    void anUnpackedFileThatWasDamagedIsUnpackedAgain() throws IOException {
        var packed = Objects.requireNonNull(OrtEnvironment.class.getResource("OrtEnvironment.class"));
        var file = folder.resolve("unpacked");
        Natives.unpack(packed, file);
        var whole = Files.readAllBytes(file);
        var damaged = whole.clone();
        damaged[whole.length / 2] ^= 1;
        for (var bytes : new byte[][] {damaged, new byte[0], new byte[whole.length]}) {
            Files.write(file, bytes);
            Natives.unpack(packed, file);
            assertThat(Files.readAllBytes(file)).isEqualTo(whole);
        }
        var before = Files.getLastModifiedTime(file);
        Natives.unpack(packed, file);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(before);
    }
}
