package io.cairn.adapter.onnx;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/// An inner tensor of a model that holds one vector per token: `[batch, sequence, width]`.
///
/// @param tensor its name in the graph
public record KnownShape(String tensor, int width) {
    // ONNX Runtime fuses a residual addition with the layer normalisation behind it only if it sees that both operands
    // have the same shape. BERT's reshapes around its attention heads hide that, so 48 nodes run apart that could be
    // 23, which costs a fifth of the time. The missing shapes are given as `value_info` entries of the graph. They
    // need no parsing of the model: protobuf merges what is appended to a message, and `ModelProto.graph` is its
    // field 7. Names that the graph does not have are ignored. The numbers that come out are the same but for
    // rounding.

    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_VALUE_INFO = 13;
    private static final int VALUE_NAME = 1;
    private static final int VALUE_TYPE = 2;
    private static final int TYPE_TENSOR = 1;
    private static final int TENSOR_ELEMENT = 1;
    private static final int TENSOR_SHAPE = 2;
    private static final int SHAPE_DIMENSION = 1;
    private static final int DIMENSION_VALUE = 1;
    private static final int DIMENSION_NAME = 2;
    private static final int FLOAT = 1;

    /// The tensors of an encoder as Hugging Face's exporter names them.
    static List<KnownShape> ofBertEncoder(int layers, int width) {
        var shapes = new ArrayList<KnownShape>();
        for (int layer = 0; layer < layers; layer++) {
            for (var tensor : List.of(
                    "attention/self/Reshape_3",
                    "attention/output/dense/Add",
                    "attention/output/Add",
                    "output/dense/Add",
                    "output/Add")) {
                shapes.add(new KnownShape("/encoder/layer.%d/%s_output_0".formatted(layer, tensor), width));
            }
        }
        return shapes;
    }

    /// The model with the shapes told to it.
    static byte[] tell(byte[] model, List<KnownShape> shapes) {
        if (shapes.isEmpty()) {
            return model;
        }
        var graph = new ByteArrayOutputStream();
        shapes.forEach(shape -> graph.writeBytes(message(GRAPH_VALUE_INFO, shape.valueInfo())));
        var told = new ByteArrayOutputStream(model.length + graph.size() + 8);
        told.writeBytes(model);
        told.writeBytes(message(MODEL_GRAPH, graph.toByteArray()));
        return told.toByteArray();
    }

    private byte[] valueInfo() {
        var shape = joined(
                message(SHAPE_DIMENSION, message(DIMENSION_NAME, "batch_size".getBytes(UTF_8))),
                message(SHAPE_DIMENSION, message(DIMENSION_NAME, "sequence_length".getBytes(UTF_8))),
                message(SHAPE_DIMENSION, number(DIMENSION_VALUE, width)));
        var type = message(TYPE_TENSOR, joined(number(TENSOR_ELEMENT, FLOAT), message(TENSOR_SHAPE, shape)));
        return joined(message(VALUE_NAME, tensor.getBytes(UTF_8)), message(VALUE_TYPE, type));
    }

    private static byte[] message(int field, byte[] content) {
        return joined(varint(field << 3 | 2), varint(content.length), content);
    }

    private static byte[] number(int field, int value) {
        return joined(varint(field << 3), varint(value));
    }

    private static byte[] varint(int value) {
        var bytes = new ByteArrayOutputStream();
        int rest = value;
        while (rest > 0x7f) {
            bytes.write(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        bytes.write(rest);
        return bytes.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        var bytes = new ByteArrayOutputStream();
        for (var part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }
}
