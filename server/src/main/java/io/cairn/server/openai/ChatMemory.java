package io.cairn.server.openai;

import io.cairn.memory.ConversationId;
import io.cairn.memory.Line;
import io.cairn.memory.MessagesAdded;
import io.cairn.memory.Transcripts;
import io.cairn.model.ChatStream;
import io.cairn.server.http.Json;
import io.cairn.tenant.Context;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/// Remembers both sides of chats.
///
/// A chat goes on where its memory fails; then the answer says so, a metric counts it, and the log tells why.
@Component
final class ChatMemory {
    private static final Logger LOG = LoggerFactory.getLogger(ChatMemory.class);

    private final Transcripts transcripts;
    private final Counter remembered;
    private final Counter failed;

    ChatMemory(Transcripts transcripts, MeterRegistry meters) {
        this.transcripts = transcripts;
        this.remembered = meters.counter("chat.memory", "outcome", "remembered");
        this.failed = meters.counter("chat.memory", "outcome", "failed");
    }

    /// Remembers what is new of a request. What the model says to it follows.
    Chat begin(Context context, ConversationId id, ObjectNode request) {
        var chat = new Chat(context, id);
        chat.heard(request);
        return chat;
    }

    /// A chat that is remembered.
    final class Chat {
        private final Context context;
        private final ConversationId id;
        private @Nullable String last;
        private boolean whole = true;

        private Chat(Context context, ConversationId id) {
            this.context = context;
            this.id = id;
        }

        private void heard(ObjectNode request) {
            attempt(() -> {
                var heard = transcripts.heard(context, id, ChatLines.told(request));
                last = heard.last();
                return Optional.ofNullable(heard.outcome());
            });
        }

        /// Remembers what a model said.
        ///
        /// @param cut whether it was not said to its end
        void said(String model, String text, boolean cut) {
            if (text.isBlank()) {
                return;
            }
            var metadata = Json.mapper().createObjectNode().put("model", model);
            if (cut) {
                metadata.put("cut", true);
            }
            attempt(() ->
                    Optional.of(transcripts.said(context, id, last, new Line("assistant", null, text), metadata)));
        }

        /// The stream, whose words are remembered at its end.
        ChatStream of(String model, ChatStream stream) {
            return new RememberedStream(stream, (text, cut) -> said(model, text, cut));
        }

        private void attempt(Supplier<Optional<MessagesAdded>> work) {
            try {
                var outcome = work.get();
                if (outcome.isEmpty() || outcome.get() instanceof MessagesAdded.Added) {
                    remembered.increment();
                } else {
                    failed("conversation '%s' did not take it: %s".formatted(id, outcome.get()), null);
                }
            } catch (RuntimeException e) {
                failed(String.valueOf(e.getMessage()), e);
            }
        }

        private synchronized void failed(String why, @Nullable RuntimeException e) {
            whole = false;
            failed.increment();
            LOG.warn("A side of the chat of request {} is not remembered: {}", context.correlation(), why, e);
        }

        /// Whether nothing was left out so far.
        synchronized boolean isWhole() {
            return whole;
        }
    }
}
