package io.cairn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.cairn.adapter.sql.TestDatabase;
import io.cairn.archive.LogCopy.Outcome;
import io.cairn.server.wiring.CopySide;
import io.cairn.server.wiring.OfflineCopy;
import io.cairn.server.wiring.OfflineLog;
import io.cairn.server.wiring.StartProblems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// A log that moves between a data folder and PostgreSQL.
class CopyTest {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @TempDir
    Path temp;

    private Path laptop;

    @BeforeEach
    void empty() {
        DATABASE.bare();
        laptop = temp.resolve("laptop");
    }

    @Test
    void aLaptopsFolderBecomesAClusterAndBack() {
        fill(laptop);

        var there = copy(folder(laptop), database());
        assertThat(there.outcome())
                .isInstanceOfSatisfying(
                        Outcome.Whole.class, whole -> assertThat(whole.events()).isEqualTo(4));
        assertThat(there.vectors()).isPositive();
        var key = "--cairn.master-key-file=" + laptop.resolve("master.key");
        try (var node = RunningCairn.start(temp.resolve("node"), settings(key))) {
            knowsAll(node);
            say(node, "c1", "The pike comes later.");
        }

        var back = copy(database(), folder(temp.resolve("back")), key);
        assertThat(back.vectors()).isGreaterThanOrEqualTo(there.vectors());
        assertThat(temp.resolve("back/master.key")).hasSameTextualContentAs(laptop.resolve("master.key"));
        var verified = OfflineLog.verify(List.of("--cairn.data=" + temp.resolve("back")), events -> {});
        assertThat(verified.problems()).isEmpty();
        assertThat(verified.events()).isEqualTo(4 + 2 + 1 + 2);
        try (var server = RunningCairn.start(temp.resolve("back"))) {
            knowsAll(server);
            assertThat(server.get("/v1/conversations/c1/messages").response().body())
                    .contains("The heron", "The pike comes later.");
        }
    }

    @Test
    void aFolderIsCopiedIntoAnotherWithItsKey() {
        fill(laptop);
        var other = temp.resolve("other");

        copy(folder(laptop), folder(other));

        assertThat(other.resolve("anchor")).exists();
        try (var server = RunningCairn.start(other)) {
            knowsAll(server);
        }
    }

    @Test
    void aFolderThatAServerHoldsIsRefusedAndItsHolderNamed() {
        try (var server = RunningCairn.start(laptop)) {
            assertThat(refusal(folder(laptop), database()))
                    .contains("held by another process", "pid", "listening at http://127.0.0.1:" + server.port());
            assertThat(refusal(folder(laptop), folder(laptop))).contains("onto itself");
        }
    }

    @Test
    void aSourceThatIsNotThereIsRefusedAndNotMade() {
        assertThat(refusal(folder(temp.resolve("none")), database())).contains("There is no data folder");
        assertThat(refusal(database(), folder(temp.resolve("target")))).contains("there is no log in PostgreSQL");
        assertThat(DATABASE.number("SELECT count(*) FROM pg_class WHERE relname = 'log_identity'"))
                .isZero();
        assertThat(temp.resolve("target")).doesNotExist();
        var gone = side("jdbc:postgresql://127.0.0.1:1/d");
        assertThat(refusal(gone, folder(temp.resolve("target")))).contains("could not be reached");
    }

    @Test
    void aDatabaseNeedsItsMasterKeyToBecomeAFolder() throws IOException {
        fill(laptop);
        copy(folder(laptop), database());
        var target = temp.resolve("target");

        assertThat(refusal(database(), folder(target))).contains("--master-key-file");
        var other = key("0".repeat(64));
        assertThat(copy(database(), folder(target), "--cairn.master-key-file=" + other)
                        .outcome())
                .isEqualTo(new Outcome.OtherMasterKey(false));
        Files.copy(laptop.resolve("master.key"), target.resolve("master.key"));
        assertThat(copy(database(), folder(target)).outcome()).isInstanceOf(Outcome.Whole.class);
    }

    @Test
    void aTargetFolderWithAnotherKeyIsRefused() throws IOException {
        fill(laptop);
        var target = Files.createDirectory(temp.resolve("target"));
        Files.move(key("1".repeat(64)), target.resolve("master.key"));

        assertThat(refusal(folder(laptop), folder(target))).contains("is not the one in", "put the right one");
    }

    @Test
    void aTargetFolderWithTheIndexOfAnotherLogIsRefused() throws IOException {
        fill(laptop);
        Files.createDirectories(temp.resolve("target/index"));

        assertThat(refusal(folder(laptop), folder(temp.resolve("target"))))
                .contains("index of a log that is not there any more");
    }

    @Test
    void aCopyWhoseConnectionsAreCutStopsWithASentenceIsNotServedAndGoesOn() {
        fill(laptop);
        var cut = new AtomicBoolean();

        assertThat(sentence(catchThrowable(() ->
                        OfflineCopy.run(folder(laptop), database(), settings(), (what, done, total) -> {
                            if (what.equals("events") && cut.compareAndSet(false, true)) {
                                DATABASE.number("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                                        + " WHERE application_name = 'cairn' AND datname = current_database()");
                            }
                        }))))
                .contains("the copy stopped: PostgreSQL could not", "run the same command again");

        var key = "--cairn.master-key-file=" + laptop.resolve("master.key");
        assertThat(sentence(catchThrowable(() ->
                        RunningCairn.start(temp.resolve("node"), settings(key)).close())))
                .contains("unfinished copy", "cairn copy");
        assertThat(copy(folder(laptop), database()).outcome()).isInstanceOf(Outcome.Whole.class);
        RunningCairn.start(temp.resolve("node"), settings(key)).close();
    }

    @Test
    void passwordsOfOneSideComeFromAFileOfItsOwn() throws IOException {
        fill(laptop);
        var file = Files.writeString(temp.resolve("password"), DATABASE.server().password());
        var side = new CopySide(DATABASE.url(), DATABASE.server().user(), file, null, 3);

        var outcome = OfflineCopy.run(
                        folder(laptop),
                        side,
                        List.of("--cairn.store.url=jdbc:postgresql://nowhere/d", "--cairn.store.password=wrong"),
                        (what, done, total) -> {})
                .outcome();

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Whole.class, whole -> assertThat(whole.heads()).hasSize(3));
    }

    private static void fill(Path data) {
        try (var server = RunningCairn.start(data)) {
            say(server, "c1", "The heron stands in the reeds.");
            say(server, "c2", "The heron has flown away.");
            server.post("/v1/documents", "{\"id\":\"guide\",\"content\":\"Herons eat fish and frogs.\"}")
                    .has(201);
            server.post(
                            "/v1/conversations/other/messages",
                            "{\"messages\":[{\"role\":\"user\",\"content\":\"Storks nest on chimneys.\"}]}",
                            "Cairn-Tenant",
                            "globex")
                    .has(201);
            await().untilAsserted(() -> assertThat(
                            server.get("/v1/status").json().at("/projections").valueStream())
                    .allMatch(projection -> projection.at("/events_behind").asLong(-1) == 0));
        }
    }

    private static void knowsAll(RunningCairn server) {
        await().untilAsserted(() -> assertThat(server.post("/v1/recall", "{\"query\":\"heron\"}")
                        .has(200)
                        .response()
                        .body())
                .contains("stands in the reeds", "flown away", "fish and frogs"));
        assertThat(server.post("/v1/recall", "{\"query\":\"storks\"}", "Cairn-Tenant", "globex")
                        .has(200)
                        .response()
                        .body())
                .contains("chimneys");
        assertThat(server.get("/v1/documents/guide").has(200).response().body()).contains("fish and frogs");
    }

    private static void say(RunningCairn cairn, String conversation, String content) {
        cairn.post(
                        "/v1/conversations/" + conversation + "/messages",
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}".formatted(content))
                .has(201);
    }

    private Path key(String digits) throws IOException {
        var key = Files.writeString(temp.resolve("key"), digits);
        return Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }

    private static CopySide folder(Path path) {
        return side(path.toString());
    }

    private static CopySide database() {
        return side(DATABASE.url());
    }

    private static CopySide side(String place) {
        return new CopySide(place, null, null, null, null);
    }

    private static OfflineCopy.Copied copy(CopySide from, CopySide to, String... more) {
        var settings = new ArrayList<>(settings(more));
        return OfflineCopy.run(from, to, settings, (what, done, total) -> {});
    }

    private static List<String> settings(String... more) {
        return StoreSettings.of(DATABASE, more);
    }

    private static String refusal(CopySide from, CopySide to) {
        return sentence(catchThrowable(() -> copy(from, to)));
    }

    private static String sentence(Throwable failure) {
        assertThat(failure).isNotNull();
        return StartProblems.sentence(failure).orElseThrow(() -> new AssertionError("No sentence for it", failure));
    }
}
