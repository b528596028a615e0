package io.cairn.adapter.onnx;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// What decides a model's numbers besides its name.
final class Fingerprint {
    /// Goes up when texts are prepared, divided or put together in another way.
    private static final int METHOD = 1;

    private static final int HEX_DIGITS = 32;

    private Fingerprint() {}

    static String of(OnnxModel model, byte[] weights, byte[] tokenizer, String runtimeVersion) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(weights);
            digest.update(tokenizer);
            var settings = List.of(
                    METHOD,
                    runtimeVersion,
                    System.getProperty("os.arch", ""),
                    model.pooling(),
                    model.queryPrefix(),
                    model.passagePrefix(),
                    model.windowTokens(),
                    model.normalised(),
                    model.shapes().size());
            for (var setting : settings) {
                digest.update((setting + "\0").getBytes(UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest()).substring(0, HEX_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
