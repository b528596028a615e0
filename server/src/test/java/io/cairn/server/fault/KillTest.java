package io.cairn.server.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The process is killed at random moments while writers run, again and again.
@Tag("fault")
class KillTest {
    private static final int KILLS = Integer.getInteger("cairn.test.kills", 50);
    private static final int WRITERS = 4;
    private static final int MORE_MAX = 24;

    @TempDir
    Path folder;

    private final Random random = new Random(20260101);
    private CairnProcess cairn;

    @BeforeEach
    void start() throws IOException {
        cairn = CairnProcess.start(folder.resolve("data"));
    }

    @AfterEach
    void stop() throws InterruptedException {
        cairn.stop();
    }

    @Test
    void everyAcknowledgedMessageSurvivesFiftyKills() throws Exception {
        try (var writers = Writers.start(List.of(cairn), WRITERS, WRITERS)) {
            for (int kill = 0; kill < KILLS; kill++) {
                writers.awaitMore(random.nextInt(2, MORE_MAX), Duration.ofMinutes(1));
                cairn.killAndRestart();
            }
            writers.stop();

            var questions = writers.questions(20);
            Held.by(cairn, writers).isAsAcknowledged(writers);
            assertThat(recalls(questions, false)).isEqualTo(recalls(questions, true));
        }
        cairn.stop();
        assertThat(cairn.verify()).as(cairn::log).isZero();
    }

    /// The best answer to some questions, from the indexes as they are or built anew.
    private Map<String, String> recalls(Map<String, String> questions, boolean anew)
            throws IOException, InterruptedException {
        var answers = new Answers(cairn);
        if (anew) {
            for (var projection : List.of("lexical", "dense")) {
                long generation = answers.generation(projection);
                assertThat(cairn.post("/v1/projections/" + projection + "/rebuild", "{}")
                                .statusCode())
                        .isEqualTo(202);
                await().atMost(Duration.ofMinutes(5)).until(() -> answers.generation(projection) > generation);
            }
        }
        await().atMost(Duration.ofMinutes(5)).until(answers::hasCaughtUp);
        return answers.best(questions);
    }
}
