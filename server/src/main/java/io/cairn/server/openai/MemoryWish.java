package io.cairn.server.openai;

import io.cairn.memory.ConversationId;
import io.cairn.server.http.Trouble;
import io.cairn.server.security.Granted;
import io.cairn.server.security.Scope;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a chat has to do with the memory: nothing, unless its request, its key or its model say so.
///
/// @param conversation that remembers it
/// @param recall how many hits at most are put before what the user says
public record MemoryWish(Optional<ConversationId> conversation, int recall) {
    public static final MemoryWish NOTHING = new MemoryWish(Optional.empty(), 0);

    static final String MEMORY = "X-Cairn-Memory";
    static final String RECALL = "X-Cairn-Recall";
    private static final String NONE = "none";
    private static final int RECALL_MAX = 20;

    public MemoryWish {
        if (recall < 0 || recall > RECALL_MAX) {
            throw new IllegalArgumentException("0 to %d hits can be recalled; found %d".formatted(RECALL_MAX, recall));
        }
    }

    /// This one, but for what is said otherwise.
    ///
    /// @param memory the id of a conversation, or `none`; nothing leaves it as it is
    /// @param recalled likewise
    public MemoryWish but(@Nullable String memory, @Nullable Integer recalled) {
        return new MemoryWish(
                memory == null ? conversation : conversation(memory), recalled == null ? recall : recalled);
    }

    private static Optional<ConversationId> conversation(String memory) {
        return memory.equals(NONE) ? Optional.empty() : Optional.of(new ConversationId(memory));
    }

    /// @param usual where the headers say nothing
    static MemoryWish of(HttpServletRequest request, MemoryWish usual) {
        var wish = new MemoryWish(
                conversation(request.getHeader(MEMORY), usual), recall(request.getHeader(RECALL), usual));
        if (wish.conversation().isPresent()) {
            require(request, Scope.WRITE, "To remember a chat");
        }
        if (wish.recall() > 0) {
            require(request, Scope.READ, "To recall for a chat");
        }
        return wish;
    }

    private static Optional<ConversationId> conversation(@Nullable String header, MemoryWish usual) {
        if (header == null) {
            return usual.conversation();
        }
        try {
            return conversation(header);
        } catch (IllegalArgumentException e) {
            throw Trouble.MALFORMED_REQUEST.because("Header %s: %s".formatted(MEMORY, e.getMessage()));
        }
    }

    private static int recall(@Nullable String header, MemoryWish usual) {
        if (header == null) {
            return usual.recall();
        }
        try {
            return new MemoryWish(Optional.empty(), Integer.parseInt(header)).recall();
        } catch (IllegalArgumentException e) {
            throw Trouble.MALFORMED_REQUEST.because("Header %s is a number from 0 to %d".formatted(RECALL, RECALL_MAX));
        }
    }

    private static void require(HttpServletRequest request, Scope scope, String what) {
        if (!Granted.allows(request, scope)) {
            throw Trouble.SCOPE_MISSING.because("%s the key needs the scope '%s' as well"
                    .formatted(what, scope.name().toLowerCase(Locale.ROOT)));
        }
    }
}
