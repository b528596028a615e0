package io.cairn.adapter.lucene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.memory.ConversationId;
import io.cairn.memory.NewMessage;
import io.cairn.recall.Hit;
import io.cairn.recall.Query;
import io.cairn.recall.Recalled;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// An index whose files somebody, or the disk, has damaged: recall answers all the time, and finds all in the end.
class DamagedIndexTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final Context CONTEXT = new Context(ACME, "tester", "corr");
    private static final ConversationId CHAT = new ConversationId("chat-1");
    private static final int MESSAGES = 30;
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final MasterKey master = MasterKey.random(new SecureRandom());
    private Engine engine;

    @BeforeEach
    void start() {
        engine = Engine.on(folder, master);
        for (int number = 1; number <= MESSAGES; number++) {
            say("m" + number, "Parcel p%d was handed to the courier.".formatted(number));
        }
        awaitCaughtUp();
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @ParameterizedTest
    @EnumSource
    void eachFileDamagedWhileItIsClosedIsMadeGood(Spoiler how) throws IOException {
        var random = new Random(42);
        for (var index : List.of("lexical", "dense")) {
            engine.close();
            for (var name : files(index)) {
                var generation = generation(index);
                var file = generation.resolve(name);
                if (Files.exists(file)) {
                    how.spoil(file, random);
                    engine = Engine.on(folder, master);
                    assertThat(answer().hits()).as(name).isNotEmpty();
                    awaitCaughtUp();
                    assertThat(legs(20)).as("%s of %s", name, index).contains("lexical", "dense");
                    engine.close();
                }
            }
            engine = Engine.on(folder, master);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lexical", "dense"})
    void damageWhileItIsInUseIsMadeGoodAndTheOtherLegAnswersMeanwhile(String index) throws IOException {
        var random = new Random(7);
        for (var how : List.of(Spoiler.EMPTY, Spoiler.GARBAGE, Spoiler.TRUNCATED)) {
            for (var name : files(index)) {
                var file = generation(index).resolve(name);
                if (Files.exists(file)) {
                    how.spoil(file, random);
                }
            }
            for (int more = 0; more < 5; more++) {
                say("%s-%s-%d".formatted(how, index, more), "Parcel q%d arrived.".formatted(more));
                assertThat(answer().hits())
                        .as("%s while %s is damaged", how, index)
                        .isNotEmpty();
            }
            await().atMost(SOON).untilAsserted(() -> assertThat(legs(20)).contains("lexical", "dense"));
            awaitCaughtUp();
        }
    }

    @Test
    void aRebuildOfADamagedIndexEnds() throws IOException {
        for (var name : files("lexical")) {
            Spoiler.EMPTY.spoil(generation("lexical").resolve(name), new Random(1));
        }
        engine.lexical.rebuild();
        say("later", "Parcel p99 came later.");
        await().atMost(SOON).until(() -> !engine.lexical.isRebuilding());
        awaitCaughtUp();
        assertThat(legs(20)).contains("lexical");
    }

    private List<String> files(String index) throws IOException {
        try (var files = Files.list(generation(index))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Path generation(String index) {
        return folder.resolve(index)
                .resolve(Integer.toString(
                        index.equals("lexical")
                                ? engine.lexical.health().generation()
                                : engine.dense.health().generation()));
    }

    private void awaitCaughtUp() {
        await().atMost(SOON)
                .until(() -> engine.lexical.health().eventsBehind() == 0
                        && engine.dense.health().eventsBehind() == 0);
    }

    private List<String> legs(int number) {
        return answer("Parcel p" + number).hits().stream()
                .flatMap(hit -> hit.legs().stream())
                .map(Hit.LegScore::leg)
                .distinct()
                .toList();
    }

    private Recalled.Answer answer() {
        return answer("Parcel p7");
    }

    private Recalled.Answer answer(String query) {
        return (Recalled.Answer) engine.recall.recall(ACME, Query.of(query));
    }

    private void say(String id, String text) {
        engine.conversations.add(CONTEXT, CHAT, List.of(NewMessage.of(id, "user", text)));
    }
}
