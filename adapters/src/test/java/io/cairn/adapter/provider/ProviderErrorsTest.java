package io.cairn.adapter.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.model.ModelException;
import io.cairn.model.ModelException.Kind;
import io.cairn.model.ModelException.Words;
import java.net.http.HttpHeaders;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Answers as providers give them.
class ProviderErrorsTest {
    private final ProviderErrors errors = new ProviderErrors("main", Instant::now);

    private ModelException of(int status, String body) {
        return errors.of(status, HttpHeaders.of(Map.of(), (name, value) -> true), body);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                // OpenAI, and Azure likewise
                """
                400 | {"error":{"message":"This model's maximum context length is 8192 tokens, however you requested 51435 tokens (51435 in your prompt; 0 for the completion). Please reduce your prompt; or completion length.","type":"invalid_request_error","param":null,"code":null}}\
                """,
                """
                400 | {"error":{"message":"Requested 309209 tokens, max 300000 tokens per request","type":"max_tokens_per_request","param":null,"code":"max_tokens_per_request"}}\
                """,
                """
                429 | {"error":{"message":"Request too large for gpt-4o in organization org-x on tokens per min (TPM): Limit 30000, Requested 40542. The input or output tokens must be reduced in order to run successfully.","type":"tokens","param":null,"code":"rate_limit_exceeded"}}\
                """,
                // vLLM
                """
                400 | {"object":"error","message":"This model's maximum context length is 512 tokens. However, you requested 1451 tokens in the input for embedding generation. Please reduce the length of the input.","type":"BadRequestError","param":null,"code":400}\
                """,
                """
                400 | {"object":"error","message":"The decoder prompt (length 10127) is longer than the maximum model length of 8192. Make sure that `max_model_len` is no smaller than the number of text tokens plus multimodal tokens.","type":"BadRequestError","param":null,"code":400}\
                """,
                // SGLang
                """
                400 | {"object":"error","message":"The input (61709 tokens) is longer than the model's context length (40960 tokens).","type":"BadRequestError","param":null,"code":400}\
                """,
                // TEI, by both of its routes, and whatever a proxy makes of its status
                """
                413 | {"error":"Input validation error: `inputs` must have less than 512 tokens. Given: 514","error_type":"Validation"}\
                """,
                """
                422 | {"message":"Input validation error: `inputs` must have less than 32000 characters. Given: 67337","code":422,"type":"Validation"}\
                """,
                // Ollama
                """
                400 | {"error":"input length exceeds maximum context length"}\
                """,
                """
                400 | {"error":"the input length exceeds the context length"}\
                """,
                // llama.cpp
                """
                500 | {"error":{"code":500,"message":"input is too large to process. increase the physical batch size","type":"server_error"}}\
                """,
                """
                500 | {"error":{"code":500,"message":"input (992 tokens) is too large to process. increase the physical batch size (current batch size: 512)","type":"server_error"}}\
                """,
                """
                400 | {"error":{"code":400,"message":"Illegal param: prefill 744 tokens exceed n_ctx_per_seq, try increasing total context size","type":"invalid_request_error"}}\
                """,
                // Mistral
                """
                400 | {"object":"error","message":"Too many tokens overall, split into more batches.","type":"invalid_request_prompt","param":null,"code":"3210"}\
                """,
                """
                400 | {"object":"error","message":"Too many tokens in batch. Max is 16384 got 17555","type":"invalid_request_error","param":null,"code":null}\
                """,
                // Gemini
                """
                400 | [{"error":{"code":400,"message":"The input token count (134123) exceeds the maximum number of tokens allowed (131072).","status":"INVALID_ARGUMENT"}}]\
                """,
                // Anthropic
                """
                400 | {"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 208310 tokens > 200000 maximum"},"request_id":"req_011"}\
                """,
                """
                413 | {"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}\
                """,
            })
    void anInputThatIsTooLongIsKnownHoweverItIsSaid(int status, String body) {
        assertThat(of(status, body).kind()).isEqualTo(Kind.TOO_LONG);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                """
                429 | LIMITED | {"message":"Too many tokens, please wait before trying again."}\
                """,
                """
                429 | LIMITED | {"error":{"message":"Rate limit reached for gpt-4o on tokens per min (TPM): Limit 30000, Used 29000, Requested 1500","type":"tokens","param":null,"code":"rate_limit_exceeded"}}\
                """,
                """
                400 | REFUSED | {"error":{"message":"max_tokens is too large: 5000. This model supports at most 4096 completion tokens","type":"invalid_request_error","param":"max_tokens","code":"invalid_value"}}\
                """,
                """
                529 | AWAY | {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\
                """,
                """
                403 | KEY_REFUSED | {"error":{"message":"no access"}}\
                """,
            })
    void whatIsNotTooLongIsNotTakenForIt(int status, Kind kind, String body) {
        assertThat(of(status, body).kind()).isEqualTo(kind);
    }

    @Test
    void theProvidersOwnWordsAreKept() {
        assertThat(of(400, """
            {"error":{"message":"no","type":"invalid_request_error","param":"temperature","code":"invalid_value"}}\
            """).words()).isEqualTo(new Words("invalid_request_error", "invalid_value", "temperature"));
        assertThat(of(400, """
            {"object":"error","message":"no","type":"BadRequestError","param":null,"code":400}\
            """).words()).isEqualTo(new Words("BadRequestError", null, null));
        assertThat(of(502, "<html>Bad Gateway</html>").words()).isEqualTo(Words.NONE);
        assertThat(of(400, "{\"code\":\"%s\"}".formatted("x".repeat(1000))).words())
                .isEqualTo(Words.NONE);
    }
}
