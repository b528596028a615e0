package io.cairn.server.openai;

import io.cairn.model.EmbeddingException;
import io.cairn.model.ModelException;
import io.cairn.model.ModelException.Words;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.Trouble;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a failure of a model means to who asked it.
///
/// What concerns the request is told as the provider told it. What concerns Cairn's account at the provider is the
/// operator's, so that callers learn of it only that it is so.
final class ModelTroubles {
    private static final Logger LOG = LoggerFactory.getLogger(ModelTroubles.class);

    private static final Duration WORTH_WAITING = Duration.ofMinutes(1);

    private ModelTroubles() {}

    static Refusal of(ModelException failure) {
        var message = String.valueOf(failure.getMessage());
        var refusal = switch (failure.kind()) {
            case REFUSED -> told(Trouble.MODEL_REFUSED.because(message), failure.words());
            case TOO_LONG -> {
                // Clients know it by this code, however the provider calls it.
                var words = failure.words();
                yield told(
                        Trouble.CONTEXT_LENGTH_EXCEEDED.because(message), new Words(words.type(), null, words.param()));
            }
            case LIMITED -> told(Trouble.MODEL_LIMITED.because(message), failure.words());
            case AWAY, TURNED_AWAY, GIVEN_UP -> Trouble.MODEL_AWAY.because(message);
            case OVER_BUDGET -> usedUp(failure, message);
            case OVER_RATE -> Trouble.RATE_LIMITED.because(message);
            case SILENT -> Trouble.MODEL_SILENT.because(message);
            case KEY_REFUSED, USED_UP, GARBLED -> operators(failure);
        };
        return failure.retryAfter().map(refusal::retryAfter).orElse(refusal);
    }

    private static Refusal told(Refusal refusal, Words words) {
        return refusal.inWords(words.type(), words.code(), words.param());
    }

    /// OpenAI's clients try a 429 again by themselves, some after hours.
    private static Refusal usedUp(ModelException failure, String message) {
        var refusal = Trouble.BUDGET_USED_UP.because(message);
        boolean soon = failure.retryAfter()
                .filter(wait -> wait.compareTo(WORTH_WAITING) <= 0)
                .isPresent();
        return soon ? refusal : refusal.header("x-should-retry", "false");
    }

    private static Refusal operators(ModelException failure) {
        LOG.error("A model cannot be used: {}", failure.getMessage());
        return Trouble.MODEL_BROKEN.because(
                "Provider '%s' does not do its work for Cairn".formatted(failure.provider()));
    }

    static Refusal of(EmbeddingException failure) {
        if (failure.getCause() instanceof ModelException model) {
            return of(model);
        }
        var message = String.valueOf(failure.getMessage());
        return failure.timedOut() ? Trouble.MODEL_SILENT.because(message) : Trouble.MODEL_AWAY.because(message);
    }
}
