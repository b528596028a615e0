package io.cairn.memory;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.StreamVersion;
import io.cairn.event.TenantView;
import io.cairn.passage.Citation;
import io.cairn.passage.Excerpt;
import io.cairn.passage.Kind;
import io.cairn.passage.PassageRef;
import io.cairn.passage.Source;
import io.cairn.tenant.Tenant;
import io.cairn.text.Chunker;
import io.cairn.text.Language;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The messages of conversations as passages.
///
/// @param defaultLanguage of a tenant's messages whose language could not be told
public record ConversationSource(EventLog log, Chunker chunker, Function<Tenant, Language> defaultLanguage)
        implements Source {
    private record Place(ConversationId conversation, long sequence) {}

    @Override
    public Kind kind() {
        return Kind.MESSAGE;
    }

    @Override
    public Cutter cutter(boolean meant) {
        return new MessageCutter(log, chunker, defaultLanguage, meant);
    }

    @Override
    public Map<PassageRef, Excerpt> excerpts(TenantView view, Collection<PassageRef> refs) {
        var wanted = new HashMap<ConversationId, Set<Long>>();
        refs.forEach(ref -> wanted.computeIfAbsent(new ConversationId(ref.source()), id -> new HashSet<>())
                .add(ref.number()));
        var messages = Standing.messages(view, wanted).stream()
                .collect(Collectors.toMap(
                        message -> new Place(message.conversation(), message.sequence()), message -> message));
        var excerpts = new HashMap<PassageRef, Excerpt>();
        for (var ref : refs) {
            var message = messages.get(new Place(new ConversationId(ref.source()), ref.number()));
            if (message != null) {
                ref.in(message.content())
                        .ifPresent(text -> excerpts.put(
                                ref,
                                new Excerpt(
                                        text,
                                        MessageCutter.labelled(message, text),
                                        message.at(),
                                        citation(message, ref))));
            }
        }
        return excerpts;
    }

    private static Citation citation(Message message, PassageRef ref) {
        return new Citation.OfMessage(
                message.conversation().id(),
                message.id(),
                message.sequence(),
                message.speaker(),
                ref.start(),
                ref.end(),
                Citation.Chunk.of(ref));
    }

    @Override
    public List<Event> living(TenantView view, List<Event> events) {
        var added = events.stream()
                .filter(event -> event.type().equals(Message.ADDED))
                .toList();
        var numbers = added.stream()
                .collect(Collectors.groupingBy(
                        event -> new ConversationId(event.stream().id()),
                        Collectors.mapping(Event::version, Collectors.toSet())));
        var standing = Standing.places(view, numbers);
        return added.stream()
                .filter(event -> standing.contains(new StreamVersion(event.stream(), event.version())))
                .toList();
    }
}
