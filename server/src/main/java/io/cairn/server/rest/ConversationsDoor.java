package io.cairn.server.rest;

import io.cairn.client.wire.AppendMessages;
import io.cairn.client.wire.AppendedMessages;
import io.cairn.client.wire.Conversation;
import io.cairn.client.wire.ConversationDescription;
import io.cairn.client.wire.Deleted;
import io.cairn.client.wire.Message;
import io.cairn.client.wire.Page;
import io.cairn.event.Ids;
import io.cairn.memory.ConversationId;
import io.cairn.memory.Conversations;
import io.cairn.server.http.Call;
import io.cairn.server.http.Field;
import io.cairn.server.http.HttpLimits;
import io.cairn.server.http.Paging;
import io.cairn.server.wire.ConversationBodies;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Conversations and their messages.
@RestController
@RequestMapping("/v1/conversations")
final class ConversationsDoor {
    private final Conversations conversations;
    private final Ids ids;
    private final HttpLimits limits;
    private final Timer batches;

    ConversationsDoor(Conversations conversations, Ids ids, HttpLimits limits, MeterRegistry meters) {
        this.conversations = conversations;
        this.ids = ids;
        this.limits = limits;
        this.batches = meters.timer("batch.processing.duration", "kind", "messages");
    }

    @PostMapping("/{id}/messages")
    ResponseEntity<AppendedMessages> append(
            Call call,
            @PathVariable String id,
            @RequestBody AppendMessages body,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String idempotency) {
        var conversation = ConversationBodies.id(id);
        var key = IdempotencyKey.of(idempotency);
        var messages = ConversationBodies.messages(
                body,
                limits,
                index -> key.map(known -> known.id(index)).orElseGet(ids::next).toString());
        call.count("messages", messages.size());
        var added = ConversationBodies.accepted(
                conversation, batches.record(() -> conversations.add(call.context(), conversation, messages)));
        return ResponseEntity.status(added.created() ? 201 : 200).body(ConversationBodies.appended(messages, added));
    }

    @GetMapping
    Page<Conversation> list(
            Call call,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable String limit) {
        var paging = Paging.of(limit);
        var from = after == null ? null : Field.of("after").built(after, () -> new ConversationId(after));
        return paging.page(
                conversations.list(call.tenant(), from, paging.oneMore()),
                ConversationBodies::wire,
                conversation -> conversation.id().id());
    }

    @GetMapping("/{id}")
    Conversation find(Call call, @PathVariable String id) {
        var conversation = ConversationBodies.id(id);
        return conversations
                .find(call.tenant(), conversation)
                .map(ConversationBodies::wire)
                .orElseThrow(() -> ConversationBodies.unknown(conversation));
    }

    @PutMapping("/{id}")
    Conversation describe(Call call, @PathVariable String id, @RequestBody ConversationDescription body) {
        var conversation = ConversationBodies.id(id);
        var described =
                conversations.describe(call.context(), conversation, ConversationBodies.description(body, limits));
        if (described.isEmpty()) {
            throw ConversationBodies.deleted(conversation);
        }
        return find(call, id);
    }

    @GetMapping("/{id}/messages")
    Page<Message> messages(
            Call call,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable String limit) {
        var paging = Paging.of(limit);
        var conversation = ConversationBodies.id(id);
        long from = Paging.numberAfter(after);
        if (conversations.find(call.tenant(), conversation).isEmpty()) {
            throw ConversationBodies.unknown(conversation);
        }
        return paging.page(
                conversations.messages(call.tenant(), conversation, from, paging.oneMore()),
                ConversationBodies::wire,
                message -> Long.toString(message.sequence()));
    }

    @DeleteMapping("/{id}")
    Deleted delete(Call call, @PathVariable String id) {
        var conversation = ConversationBodies.id(id);
        return conversations
                .delete(call.context(), conversation)
                .map(position -> new Deleted(position.wire(), id))
                .orElseThrow(() -> ConversationBodies.unknown(conversation));
    }

    @DeleteMapping("/{id}/messages/{message}")
    Deleted deleteMessage(Call call, @PathVariable String id, @PathVariable String message) {
        var conversation = ConversationBodies.id(id);
        return conversations
                .delete(call.context(), conversation, ConversationBodies.messageId(message))
                .map(position -> new Deleted(position.wire(), message))
                .orElseThrow(() -> ConversationBodies.unknown(conversation, message));
    }
}
