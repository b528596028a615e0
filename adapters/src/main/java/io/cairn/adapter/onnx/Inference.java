package io.cairn.adapter.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Runs a model on one window of tokens at a time, in the calling thread.
///
/// One at a time, because a quantised model scales its numbers by all that is in a run: in a padded batch a
/// text's vector would depend on its neighbours. It is faster, too.
final class Inference implements AutoCloseable {
    private static final String IDS = "input_ids";
    private static final String MASK = "attention_mask";
    private static final String TYPES = "token_type_ids";
    private static final Set<String> INPUTS = Set.of(IDS, MASK, TYPES);

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Pooling pooling;
    private final Output output;

    private record Output(String name, boolean perToken) {}

    private Inference(OrtEnvironment environment, OrtSession session, Pooling pooling, Output output) {
        this.environment = environment;
        this.session = session;
        this.pooling = pooling;
        this.output = output;
    }

    static Inference open(OrtEnvironment environment, OnnxModel model, byte[] weights) {
        try (var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            var session = environment.createSession(KnownShape.tell(weights, model.shapes()), options);
            return checked(environment, model, session);
        } catch (OrtException e) {
            throw new ModelBrokenException(
                    model.weights(), "ONNX Runtime does not accept it (%s)".formatted(e.getMessage()), e);
        }
    }

    private static Inference checked(OrtEnvironment environment, OnnxModel model, OrtSession session)
            throws OrtException {
        try {
            checkInputs(model, session);
            return new Inference(environment, session, model.pooling(), output(model, session));
        } catch (OrtException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static void checkInputs(OnnxModel model, OrtSession session) throws OrtException {
        for (var input : session.getInputInfo().values()) {
            if (!INPUTS.contains(input.getName())
                    || !(input.getInfo() instanceof TensorInfo tensor)
                    || tensor.type != OnnxJavaType.INT64) {
                throw new ModelBrokenException(
                        model.weights(),
                        "its input '%s' is %s; allowed are 64-bit integers called %s, %s and %s"
                                .formatted(input.getName(), input.getInfo(), IDS, MASK, TYPES),
                        null);
            }
        }
    }

    private static Output output(OnnxModel model, OrtSession session) throws OrtException {
        return outputOfRank(session, 3)
                .or(() -> outputOfRank(session, 2))
                .orElseThrow(() -> new ModelBrokenException(
                        model.weights(),
                        "none of its outputs %s holds floats per token or per text".formatted(session.getOutputNames()),
                        null));
    }

    private static Optional<Output> outputOfRank(OrtSession session, int rank) {
        try {
            return session.getOutputInfo().values().stream()
                    .filter(node -> node.getInfo() instanceof TensorInfo tensor
                            && tensor.type == OnnxJavaType.FLOAT
                            && tensor.getShape().length == rank)
                    .map(node -> new Output(node.getName(), rank == 3))
                    .findFirst();
        } catch (OrtException e) {
            throw new IllegalStateException("The session was just opened", e);
        }
    }

    /// The vector of one window, not normalised.
    float[] run(long[] window) {
        try (var ids = tensor(window);
                var mask = tensor(filled(window.length, 1));
                var types = tensor(new long[window.length]);
                var result = session.run(inputs(ids, mask, types), Set.of(output.name()))) {
            var tensor = (OnnxTensor) result.get(0);
            var shape = tensor.getInfo().getShape();
            int width = Math.toIntExact(shape[shape.length - 1]);
            return output.perToken() ? pooled(tensor.getFloatBuffer(), width) : first(tensor.getFloatBuffer(), width);
        } catch (OrtException e) {
            throw new IllegalStateException(
                    "ONNX Runtime failed on a window of %d tokens: %s".formatted(window.length, e.getMessage()), e);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime did not close its session: " + e.getMessage(), e);
        }
    }

    private Map<String, OnnxTensor> inputs(OnnxTensor ids, OnnxTensor mask, OnnxTensor types) {
        var inputs = new HashMap<>(Map.of(IDS, ids, MASK, mask, TYPES, types));
        inputs.keySet().retainAll(session.getInputNames());
        return inputs;
    }

    private OnnxTensor tensor(long[] values) throws OrtException {
        return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), new long[] {1, values.length});
    }

    private float[] pooled(FloatBuffer tokens, int width) {
        return switch (pooling) {
            case CLS -> first(tokens, width);
            case MEAN -> mean(tokens, width);
        };
    }

    private static float[] first(FloatBuffer tokens, int width) {
        var vector = new float[width];
        tokens.get(0, vector);
        return vector;
    }

    private static float[] mean(FloatBuffer tokens, int width) {
        int count = tokens.remaining() / width;
        var vector = new float[width];
        for (int token = 0; token < count; token++) {
            for (int i = 0; i < width; i++) {
                vector[i] += tokens.get(token * width + i) / count;
            }
        }
        return vector;
    }

    private static long[] filled(int length, long value) {
        var values = new long[length];
        Arrays.fill(values, value);
        return values;
    }
}
