package io.cairn.adapter.onnx;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/// The native libraries of ONNX Runtime and of the tokenizer, unpacked once into a folder of ours, and kept quiet.
///
/// Neither may fetch anything or report to anybody. The tokenizer's library does both unless it is told that
/// it is offline. ONNX Runtime from 1.29 on has a reporter compiled in that only an environment variable
/// stops, which a running Java cannot set; releases before it have none on Linux and macOS, and the switch
/// below stops that of Windows.
final class Natives {
    private static final List<String> LIBRARIES =
            List.of("onnxruntime", "onnxruntime4j_jni", "onnxruntime_providers_shared");

    private Natives() {}

    /// ONNX Runtime with its libraries in this folder; a folder given later in the same process changes nothing.
    static synchronized OrtEnvironment prepare(Path folder) {
        setUnlessSet("ai.djl.offline", "true");
        setUnlessSet("OPT_OUT_TRACKING", "true");
        setUnlessSet("RUST_FLAVOR", "cpu");
        setUnlessSet("ENGINE_CACHE_DIR", folder.toAbsolutePath().toString());
        setUnlessSet("DJL_CACHE_DIR", folder.toAbsolutePath().toString());
        mendTokenizer(folder.resolve("tokenizers"));
        if (System.getProperty("onnxruntime.native.path") == null) {
            System.setProperty("onnxruntime.native.path", unpacked(folder).toString());
        }
        try {
            var environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            environment.setTelemetry(false);
            return environment;
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime did not turn off its telemetry: " + e.getMessage(), e);
        }
    }

    /// The tokenizer unpacks its library itself, and takes one that is there for whole.
    private static void mendTokenizer(Path unpacked) {
        if (!Files.isDirectory(unpacked)) {
            return;
        }
        try (var found = Files.walk(unpacked, 2)) {
            for (var library : found.filter(Files::isRegularFile).toList()) {
                var platform = String.valueOf(library.getParent()).replaceFirst(".*-cpu-", "");
                var packed = HuggingFaceTokenizer.class.getResource(
                        "/native/lib/%s/cpu/%s".formatted(platform, library.getFileName()));
                if (packed != null) {
                    unpack(packed, library);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The tokenizer's library in %s cannot be read; delete that folder, and it is unpacked again"
                            .formatted(unpacked),
                    e);
        }
    }

    private static Path unpacked(Path folder) {
        var version = OrtEnvironment.class.getPackage().getImplementationVersion();
        var home = folder.toAbsolutePath().resolve("onnxruntime-" + (version == null ? "unknown" : version));
        try {
            Files.createDirectories(home);
            for (var library : LIBRARIES) {
                var file = System.mapLibraryName(library);
                var packed =
                        OrtEnvironment.class.getResource("/ai/onnxruntime/native/%s/%s".formatted(platform(), file));
                if (packed != null) {
                    unpack(packed, home.resolve(file));
                }
            }
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "ONNX Runtime's libraries cannot be unpacked into %s; make it writable or configure another folder"
                            .formatted(home),
                    e);
        }
    }

    static void unpack(URL packed, Path file) throws IOException {
        var connection = packed.openConnection();
        connection.setUseCaches(false);
        if (isSame(connection, file)) {
            return;
        }
        try (var stream = connection.getInputStream()) {
            var fresh = Files.createTempFile(file.getParent(), "unpacking", null);
            Files.copy(stream, fresh, StandardCopyOption.REPLACE_EXISTING);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /// A library that was damaged on the disk would take the process with it when it is loaded.
    private static boolean isSame(URLConnection packed, Path file) throws IOException {
        if (!Files.exists(file) || Files.size(file) != packed.getContentLengthLong()) {
            return false;
        }
        return !(packed instanceof JarURLConnection inJar)
                || inJar.getJarEntry().getCrc() == crc(file);
    }

    private static long crc(Path file) throws IOException {
        var crc = new CRC32();
        try (var stream = new CheckedInputStream(Files.newInputStream(file), crc)) {
            stream.transferTo(OutputStream.nullOutputStream());
        }
        return crc.getValue();
    }

    private static String platform() {
        var os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        var arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        var system = os.contains("mac") ? "osx" : os.contains("win") ? "win" : "linux";
        return system + "-" + (arch.equals("amd64") || arch.equals("x86_64") ? "x64" : arch);
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
