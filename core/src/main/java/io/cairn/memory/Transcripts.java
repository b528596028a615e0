package io.cairn.memory;

import io.cairn.event.Ids;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Remembers chats as conversations, where programs tell what was said before with every request and name no messages.
///
/// What was said before is found again by its words: the request begins with a stretch of the conversation, best with
/// its end. Only what comes behind that is new. One line alone is new as well, even if the same was said
/// before, unless it was said last: somebody may say "yes" twice.
///
/// A message's id follows from the one before it and from what it says. So two requests that tell the same at once add
/// it once, and an answer that is given again in the same words is the same message.
public final class Transcripts {
    /// How far behind its own lines a request may have fallen, as where several answers were asked for.
    private static final int BEHIND_MAX = 50;

    private static final int LOOKED_AT_MAX = 2_000;

    /// Whose lines programs send back.
    public static final Set<String> SIDES = Set.of("user", "assistant");

    private final Conversations conversations;

    public Transcripts(Conversations conversations) {
        this.conversations = conversations;
    }

    /// Where a chat stands.
    ///
    /// @param last the id of the message that what is said next follows; none if nothing was said yet
    /// @param outcome of adding what was new; none if nothing was
    public record Heard(@Nullable String last, @Nullable MessagesAdded outcome) {}

    /// Remembers what is new of the lines that a request tells.
    ///
    /// @throws IllegalArgumentException if a line cannot be a message, as when it is too long
    public Heard heard(Context context, ConversationId id, List<Line> told) {
        var known = known(context.tenant(), id, told.size());
        var place = Alignment.of(known.stream().map(Line::of).toList(), told);
        var last = place.known() == 0 ? null : known.get(place.known() - 1).id();
        var fresh = new ArrayList<NewMessage>();
        for (var line : told.subList(place.told(), told.size())) {
            var message = message(last, line, JsonNodeFactory.instance.objectNode());
            fresh.add(message);
            last = message.id();
        }
        return new Heard(last, fresh.isEmpty() ? null : add(context, id, fresh));
    }

    /// Programs go on telling what somebody deleted here; it stays away, and what follows it is remembered.
    private @Nullable MessagesAdded add(Context context, ConversationId id, List<NewMessage> messages) {
        var outcome = conversations.add(context, id, messages);
        if (!(outcome instanceof MessagesAdded.MessagesDeleted(var deleted))) {
            return outcome;
        }
        var left = messages.stream()
                .filter(message -> !deleted.contains(message.id()))
                .toList();
        return left.isEmpty() ? null : conversations.add(context, id, left);
    }

    /// Remembers what is said next.
    ///
    /// @param after the id of the message that it follows
    public MessagesAdded said(
            Context context, ConversationId id, @Nullable String after, Line line, JsonNode metadata) {
        return conversations.add(context, id, List.of(message(after, line, metadata)));
    }

    private List<Message> known(Tenant tenant, ConversationId id, int told) {
        return conversations.latest(tenant, id, Math.min(LOOKED_AT_MAX, told + BEHIND_MAX)).stream()
                .filter(message ->
                        SIDES.contains(message.role()) && !message.content().isBlank())
                .toList();
    }

    private static NewMessage message(@Nullable String after, Line line, JsonNode metadata) {
        var id = Ids.named(
                "said",
                after == null ? "" : after,
                line.role(),
                Objects.toString(line.speaker(), ""),
                line.content(),
                metadata.toString());
        return new NewMessage(id.toString(), line.role(), line.speaker(), line.content(), null, metadata);
    }

    /// Where a request's new lines begin.
    ///
    /// @param known how many of the known messages come before them
    /// @param told the index of the first new line
    record Alignment(int known, int told) {
        /// In the midst of a request one line in common may be chance.
        private static final int LINES_THAT_TELL = 2;

        static Alignment of(List<Line> known, List<Line> told) {
            for (int from = 0; from < known.size(); from++) {
                int same = same(known, from, told, 0);
                if (same > 0 && from + same == known.size()) {
                    return new Alignment(known.size(), same);
                }
            }
            // Lines farther back may have been changed, or deleted here.
            for (int to = told.size(); to > 1; to--) {
                if (sameEnds(known, told.subList(0, to)) >= LINES_THAT_TELL) {
                    return new Alignment(known.size(), to);
                }
            }
            int longest = 0;
            var best = new Alignment(known.size(), 0);
            for (int from = 0; from < known.size() && told.size() > 1; from++) {
                int same = same(known, from, told, 0);
                if (same >= longest && same > 0) {
                    longest = same;
                    best = new Alignment(from + same, same);
                }
            }
            // The request may reach farther back than what was looked at.
            for (int from = 1; from < told.size(); from++) {
                int same = same(known, 0, told, from);
                if (same > longest) {
                    longest = same;
                    best = new Alignment(same, from + same);
                }
            }
            return best;
        }

        private static int sameEnds(List<Line> known, List<Line> told) {
            return same(known.reversed(), 0, told.reversed(), 0);
        }

        private static int same(List<Line> known, int from, List<Line> told, int at) {
            int same = 0;
            while (from + same < known.size()
                    && at + same < told.size()
                    && known.get(from + same).says(told.get(at + same))) {
                same++;
            }
            return same;
        }
    }
}
