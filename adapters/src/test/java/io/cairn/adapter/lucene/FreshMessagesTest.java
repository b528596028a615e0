package io.cairn.adapter.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.Position;
import io.cairn.memory.ConversationId;
import io.cairn.memory.MessagesAdded;
import io.cairn.memory.NewMessage;
import io.cairn.recall.Query;
import io.cairn.recall.Recall;
import io.cairn.recall.RecallSettings;
import io.cairn.recall.Recalled;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

/// Of many messages that are alike, each is found as soon as it is acknowledged, while all of them are being embedded.
@Tag("fault")
class FreshMessagesTest {
    private static final Context CONTEXT = new Context(new Tenant("acme"), "tester", "corr");
    private static final int WRITERS = 16;
    private static final int MESSAGES = 1_000;

    @TempDir
    Path folder;

    private Engine engine;
    private Recall recall;

    /// On a machine that is busy with other tests a query may wait longer for vectors than it would elsewhere.
    @BeforeEach
    void start() {
        engine = Engine.on(folder);
        recall = engine.recall(RecallSettings.defaults().waitingForUnread(Duration.ofSeconds(10)));
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void eachIsAmongTheFirstTenAtOnceAndNearlyAlwaysFirst() throws Exception {
        var writers = new ArrayList<Callable<List<Integer>>>();
        for (int writer = 0; writer < WRITERS; writer++) {
            int number = writer;
            writers.add(() -> IntStream.range(0, MESSAGES)
                    .filter(i -> i % WRITERS == number)
                    .map(i -> rankOfFresh(number, i))
                    .boxed()
                    .toList());
        }
        var ranks = new ArrayList<Integer>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var written : threads.invokeAll(writers)) {
                ranks.addAll(written.get());
            }
        }

        assertThat(ranks).hasSize(MESSAGES).allSatisfy(rank -> assertThat(rank).isBetween(0, 9));
        assertThat(ranks.stream().filter(rank -> rank == 0).count()).isGreaterThanOrEqualTo(MESSAGES * 95 / 100);
    }

    /// Writes a message and asks for it.
    private int rankOfFresh(int writer, int number) {
        var text = "Pump %d on floor %d was checked by the night shift and needs a new seal."
                .formatted(number, number % 40);
        var conversation = new ConversationId("shift-" + writer);
        var message = new NewMessage(
                "m" + number,
                "user",
                "Writer " + writer,
                text,
                Instant.EPOCH.plusSeconds(number),
                JsonNodeFactory.instance.objectNode());
        var added = (MessagesAdded.Added) engine.conversations.add(CONTEXT, conversation, List.of(message));
        return ids(text, added.at())
                .indexOf("m/%s/%d/0"
                        .formatted(conversation.id(), added.sequences().getFirst()));
    }

    private List<String> ids(String text, Position at) {
        var query = Query.of(text).minPosition(at);
        while (true) {
            switch (recall.recall(CONTEXT.tenant(), query)) {
                case Recalled.Answer answer -> {
                    return answer.hits().stream().map(hit -> hit.id()).toList();
                }
                case Recalled.NotYet notYet -> Thread.onSpinWait();
                case Recalled.PositionMoved moved -> throw new AssertionError(moved);
            }
        }
    }
}
