package io.cairn.adapter.provider;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// By what it is known that a provider finds the input too long, and would take less of it. Few have a word for it, and
/// the status is 400 as often as 413, 500 or even 429.
final class TooLong {
    private static final int TOO_LARGE = 413;
    private static final int LIMITED = 429;

    private static final Set<String> CODES = Set.of(
            "context_length_exceeded",
            "string_above_max_length",
            "max_tokens_per_request",
            "request_too_large",
            "exceed_context_size_error");

    private static final Pattern MESSAGES = Pattern.compile(
            String.join(
                    "|",
                    // OpenAI, Azure, vLLM
                    "maximum context length",
                    // vLLM, SGLang
                    "longer than the (maximum )?model('s context)? length",
                    // Anthropic
                    "prompt is too long",
                    "exceed context limit",
                    // Ollama
                    "input length exceeds",
                    // TEI
                    "must have less than \\d+ (tokens|characters)",
                    "batch size \\d+ > maximum allowed",
                    // llama.cpp and what is made of it
                    "too large to process",
                    "exceeds? the available context size",
                    "exceed n_ctx",
                    // Mistral, Cohere, Bedrock
                    "too many (input )?tokens",
                    "input is too long",
                    // Gemini
                    "exceeds the maximum number of tokens",
                    // Voyage
                    "max allowed tokens per submitted batch"),
            Pattern.CASE_INSENSITIVE);

    /// What OpenAI says where a single request is more than it takes in a minute: waiting is of no use.
    private static final Pattern NEVER_WITHIN_THE_RATE = Pattern.compile("request too large", Pattern.CASE_INSENSITIVE);

    private TooLong() {}

    static boolean is(int status, Optional<String> code, String message) {
        if (status == TOO_LARGE || code.filter(CODES::contains).isPresent()) {
            return true;
        }
        return (status == LIMITED ? NEVER_WITHIN_THE_RATE : MESSAGES)
                .matcher(message)
                .find();
    }
}
