package io.cairn.server.openai;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;
import io.cairn.server.http.Trouble;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The texts of an embeddings request: one or several, as texts or as their tokens.
///
/// Some clients, such as LangChain's for Python, send tokens unless told otherwise: those of OpenAI's embedding models
/// (`cl100k_base`), whatever the model is called. Vectors are kept by their texts, so tokens become texts again.
final class TextInput {
    private static final int TEXTS_MAX = 2048;

    /// That stand for text.
    private static final int TOKENS = 100_256;

    private TextInput() {}

    /// The table of tokens, which takes some megabytes and is read when the first one comes.
    private static final class Tokens {
        static final Encoding ENCODING = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);
    }

    static List<String> texts(JsonNode input) {
        boolean several = input.isArray() && !isTokens(input);
        var texts = several ? input.valueStream().toList() : List.of(input);
        if (texts.isEmpty() || texts.size() > TEXTS_MAX) {
            throw Trouble.MODEL_REFUSED.because(
                    "input holds 1 to %d texts; found %d".formatted(TEXTS_MAX, texts.size()));
        }
        return texts.stream().map(TextInput::text).toList();
    }

    private static boolean isTokens(JsonNode input) {
        return input.isArray() && !input.isEmpty() && input.valueStream().allMatch(JsonNode::isIntegralNumber);
    }

    private static String text(JsonNode input) {
        if (input.isString()) {
            return input.asString();
        }
        if (!isTokens(input)) {
            throw Trouble.MODEL_REFUSED.because("input is a text, a list of texts, or the tokens of such");
        }
        var tokens = new IntArrayList(input.size());
        input.forEach(token -> tokens.add(known(token)));
        return Tokens.ENCODING.decode(tokens);
    }

    private static int known(JsonNode token) {
        if (!token.canConvertToInt() || token.asInt() < 0 || token.asInt() >= TOKENS) {
            throw Trouble.MODEL_REFUSED.because(
                    "input holds a token that is none of cl100k_base, which OpenAI's embedding models use; send texts"
                            + " (with LangChain for Python: check_embedding_ctx_length=False)");
        }
        return token.asInt();
    }
}
