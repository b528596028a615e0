package io.cairn.server.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cairn.adapter.sql.TestDatabase;
import io.cairn.archive.LogCopy.Outcome;
import io.cairn.server.wiring.CopySide;
import io.cairn.server.wiring.OfflineCopy;
import io.cairn.server.wiring.StartProblems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// `cairn copy` as a process of its own, between servers that are processes too.
@Tag("fault")
@Timeout(600)
class CopyProcessTest {
    private static final int KILLS = 20;
    private static final int MESSAGES = 4000;

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @TempDir
    Path folder;

    private final Random random = new Random(20260101);
    private Path password;

    @BeforeEach
    void empty() throws Exception {
        DATABASE.bare();
        password =
                Files.writeString(folder.resolve("password"), DATABASE.server().password());
    }

    @Test
    void aLaptopBecomesAClusterAndBackThoughTheCopyIsKilledAgainAndAgain() throws Exception {
        var laptop = CairnProcess.start(folder.resolve("laptop"));
        say(laptop, "heron", "The heron stands in the reeds.");
        for (int batch = 0; batch < MESSAGES / 1000; batch++) {
            sayMany(laptop, "many" + batch);
        }
        laptop.stop();

        int killed = 0;
        while (killed < KILLS && !copiedUnless(laptop, random.nextInt(300, 4000))) {
            killed++;
        }
        assertThat(copied(laptop, "--from", folder.resolve("laptop").toString(), "--to", DATABASE.url(), "--to-user"))
                .as(laptop::log)
                .isZero();
        assertThat(killed).isPositive();
        assertThat(DATABASE.number("SELECT count(*) FROM event")).isEqualTo(MESSAGES + 1 + 2);

        var node = CairnProcess.start(
                folder.resolve("node"),
                "--cairn.store.url=" + DATABASE.url(),
                "--cairn.store.user=" + DATABASE.server().user(),
                "--cairn.store.password-file=" + password,
                "--cairn.store.pool.size=2",
                "--cairn.master-key-file=" + folder.resolve("laptop/master.key"));
        recalls(node);
        say(node, "pike", "The pike waits below.");
        node.stop();

        assertThat(copied(
                        node,
                        "--to",
                        folder.resolve("back").toString(),
                        "--master-key-file",
                        folder.resolve("laptop/master.key").toString(),
                        "--from",
                        DATABASE.url(),
                        "--from-user"))
                .as(node::log)
                .isZero();
        var back = CairnProcess.start(folder.resolve("back"));
        recalls(back);
        assertThat(back.get("/v1/conversations/pike/messages").toString()).contains("The pike waits below.");
        back.stop();
        assertThat(back.verify()).as(back::log).isZero();
    }

    @Test
    void aCopyOntoAFullDiskSaysSoAndGoesOnWhenThereIsRoom() throws Exception {
        assumeThat(SmallDisk.isPossible(folder))
                .as("a small disk takes root and mount")
                .isTrue();
        var laptop = CairnProcess.start(folder.resolve("laptop"));
        for (int batch = 0; batch < MESSAGES / 1000; batch++) {
            sayMany(laptop, "many" + batch);
        }
        laptop.stop();

        try (var disk = SmallDisk.mounted(folder.resolve("target"), 64)) {
            var ballast = disk.ballast(2 << 20);
            var failure = catchThrowable(() -> copy(disk));
            assertThat(failure).isNotNull();
            assertThat(StartProblems.sentence(failure))
                    .hasValueSatisfying(sentence -> assertThat(sentence)
                            .contains("the copy stopped", "full", "make room and run the same command again"));

            Files.delete(ballast);
            assertThat(copy(disk).outcome())
                    .isInstanceOfSatisfying(
                            Outcome.Whole.class,
                            whole -> assertThat(whole.events()).isEqualTo(MESSAGES));
        }
    }

    private OfflineCopy.Copied copy(SmallDisk disk) {
        return OfflineCopy.run(
                new CopySide(folder.resolve("laptop").toString(), null, null, null, null),
                new CopySide(disk.path().toString(), null, null, null, null),
                List.of(),
                (what, done, total) -> {});
    }

    /// @return whether the copy came to its end before it was killed
    private boolean copiedUnless(CairnProcess cairn, int millis) throws InterruptedException {
        var process = cairn.run(List.of(
                "copy",
                "--from",
                folder.resolve("laptop").toString(),
                "--to",
                DATABASE.url(),
                "--to-user",
                DATABASE.server().user(),
                "--to-password-file",
                password.toString()));
        if (process.waitFor(millis, TimeUnit.MILLISECONDS)) {
            assertThat(process.exitValue()).as(cairn::log).isZero();
            return true;
        }
        process.destroyForcibly().waitFor();
        return false;
    }

    /// @param options the last of which is that of the database's user
    private int copied(CairnProcess cairn, String... options) throws InterruptedException {
        var side = options[options.length - 1].replace("-user", "");
        var arguments = new java.util.ArrayList<>(List.of("copy"));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of(DATABASE.server().user(), side + "-password-file", password.toString()));
        return cairn.run(arguments).waitFor();
    }

    private static void say(CairnProcess cairn, String conversation, String content) throws Exception {
        var answer = cairn.post(
                "/v1/conversations/%s/messages".formatted(conversation),
                "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}".formatted(content));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private static void sayMany(CairnProcess cairn, String conversation) throws Exception {
        var messages = IntStream.range(0, 1000)
                .mapToObj(
                        "{\"role\":\"user\",\"content\":\"Message number %d of many that are not about birds.\"}"
                                ::formatted)
                .collect(Collectors.joining(","));
        var answer = cairn.post(
                "/v1/conversations/%s/messages".formatted(conversation), "{\"messages\":[" + messages + "]}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private static void recalls(CairnProcess cairn) throws Exception {
        assertThat(cairn.post("/v1/recall", "{\"query\":\"heron\"}").body()).contains("stands in the reeds");
    }
}
