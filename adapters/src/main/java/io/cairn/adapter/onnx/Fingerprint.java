package io.cairn.adapter.onnx;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// What decides a model's numbers besides its name: its files, and how texts are prepared for it.
///
/// The runtime and the processor round differently, which moves a vector by less than a comparison can tell. They were
/// part of the fingerprint once, so that what was made then still bears them: the most frequent ones are written
/// into each fingerprint, and those of other processors mean the same space.
final class Fingerprint {
    /// Goes up when texts are prepared, divided or put together in another way.
    private static final int METHOD = 1;

    private static final String FIRST_RUNTIME = "1.28.0";
    private static final String FIRST_ARCHITECTURE = "amd64";
    private static final List<String> OTHER_ARCHITECTURES = List.of("aarch64", "x86_64");

    private static final int HEX_DIGITS = 32;

    private Fingerprint() {}

    static String of(OnnxModel model, byte[] weights, byte[] tokenizer) {
        return of(model, weights, tokenizer, FIRST_ARCHITECTURE);
    }

    /// Those that the same model had on other processors.
    static Stream<String> formerly(OnnxModel model, byte[] weights, byte[] tokenizer) {
        return OTHER_ARCHITECTURES.stream().map(architecture -> of(model, weights, tokenizer, architecture));
    }

    private static String of(OnnxModel model, byte[] weights, byte[] tokenizer, String architecture) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(weights);
            digest.update(tokenizer);
            var settings = List.of(
                    METHOD,
                    FIRST_RUNTIME,
                    architecture,
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
