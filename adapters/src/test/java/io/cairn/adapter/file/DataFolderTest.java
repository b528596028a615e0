package io.cairn.adapter.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Head;
import io.cairn.event.Ids;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.seal.DataKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

class DataFolderTest {
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
    private static final Context CONTEXT = new Context(Tenant.DEFAULT, "test", "c-1");

    @TempDir
    Path temp;

    private final SecureRandom random = new SecureRandom();

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void aFolderThatIsHeldIsRefusedSayingByWhom() {
        try (var folder = DataFolder.open(temp.resolve("data"), NOW)) {
            folder.listening("http://127.0.0.1:7700");
            assertThatThrownBy(() -> DataFolder.open(temp.resolve("data"), NOW))
                    .isInstanceOf(FolderException.class)
                    .hasMessageContaining("pid " + ProcessHandle.current().pid())
                    .hasMessageContaining("2026-03-01T00:00:00Z")
                    .hasMessageContaining("http://127.0.0.1:7700");
        }
        DataFolder.open(temp.resolve("data"), NOW).close();
    }

    @Test
    void whatIsKeptInAFolderThatIsOpenToOthersIsNot() throws IOException {
        var data = Files.createDirectory(
                temp.resolve("shared"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        var old = Files.createFile(
                data.resolve("log.db-wal"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
        var foreign = Files.createFile(
                data.resolve("cairn.yaml"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
        try (var folder = DataFolder.open(data, NOW)) {
            folder.closeToOthers(List.of("log.db", "lock"));
            assertThat(permissions(folder.ownFile("log.db"))).isEqualTo("rw-------");
            assertThat(permissions(data.resolve("lock"))).isEqualTo("rw-------");
            assertThat(permissions(old)).isEqualTo("rw-------");
            assertThat(permissions(foreign)).isEqualTo("rw-r--r--");
        }
    }

    @Test
    void whereNoFolderCanBeThereIsNone() throws IOException {
        Files.writeString(temp.resolve("file"), "");
        assertThatThrownBy(() -> DataFolder.open(temp.resolve("file/data"), NOW))
                .isInstanceOf(FolderException.class)
                .hasMessageContaining("--data");
        assertThatThrownBy(() -> DataFolder.existing(temp.resolve("nowhere"), NOW))
                .isInstanceOf(FolderException.class)
                .hasMessageContaining("no data folder");
    }

    @Test
    void onlyTheOwnerReadsTheFolderAndTheKeysInIt() throws IOException {
        try (var folder = DataFolder.open(temp.resolve("data"), NOW)) {
            new MasterKeyFile(folder.file("master.key")).readOrCreate(random);
            new AdminKeyFile(folder.file("admin.key")).readOrCreate(random);
            assertThat(permissions(folder.path())).isEqualTo("rwx------");
            assertThat(permissions(folder.file("master.key"))).isEqualTo("rw-------");
            assertThat(permissions(folder.file("admin.key"))).isEqualTo("rw-------");
        }
    }

    @Test
    void aMasterKeyThatIsMissingOrOpenToOthersOrNoKeyIsRefused() throws IOException {
        var file = temp.resolve("master.key");
        assertThatThrownBy(() -> new MasterKeyFile(file).read()).hasMessageContaining("missing");
        Files.writeString(file, "0".repeat(64));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> new MasterKeyFile(file).read()).hasMessageContaining("chmod 600");
        Files.writeString(file, "secret");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(() -> new MasterKeyFile(file).read()).hasMessageContaining("64 hexadecimal digits");
    }

    @Test
    void keysAreMadeOnceAndReadAgain() {
        var tenant = Tenant.DEFAULT;
        var master = new MasterKeyFile(temp.resolve("master.key"));
        var wrapped = master.readOrCreate(random).wrap(DataKey.random(random), tenant, "s", random);
        assertThat(master.read().unwrap(wrapped, tenant, "s")).isNotNull();
        var admin = new AdminKeyFile(temp.resolve("admin.key"));
        assertThat(admin.readOrCreate(random)).startsWith("cairn_").isEqualTo(admin.readOrCreate(random));
    }

    @Test
    void aDamagedAnchorIsRefused() throws IOException {
        for (var garbage : List.of("not a head\n", "", "\n\n", "e 0 1 abc 5", "e 0 1 xx 5", "\u00ff\u0000\u00fe")) {
            Files.writeString(temp.resolve("anchor"), garbage, ISO_8859_1);
            assertThatThrownBy(() -> new AnchorFile(temp.resolve("anchor")).read())
                    .as(garbage)
                    .isInstanceOf(FolderException.class)
                    .hasMessageContaining("damaged")
                    .hasMessageContaining("delete it to go on");
        }
    }

    @Test
    void theAnchorFollowsTheLogAndIsWrittenAtTheClose() {
        var file = new AnchorFile(temp.resolve("anchor"));
        try (var log = EventLog.inMemory(List.of(), Clock.systemUTC())) {
            try (var keeper = AnchorKeeper.start(file, log, Duration.ofMillis(10))) {
                append(log);
                await().untilAsserted(() -> assertThat(numbers(file)).containsExactly(1L));
            }
            try (var keeper = AnchorKeeper.start(file, log, Duration.ofHours(1))) {
                append(log);
            }
            assertThat(numbers(file)).containsExactly(2L);
        }
    }

    @Test
    void aLogThatDoesNotReachItsAnchorIsRefused() {
        var file = new AnchorFile(temp.resolve("anchor"));
        try (var log = EventLog.inMemory(List.of(), Clock.systemUTC())) {
            append(log);
            file.write(List.of(new Head(log.epoch(), 0, 5, new byte[32], 0)));
            assertThatThrownBy(() -> AnchorKeeper.start(file, log, Duration.ofSeconds(1)))
                    .isInstanceOf(FolderException.class)
                    .hasMessageContaining("events were lost");
            assertThat(numbers(file)).containsExactly(5L);
        }
    }

    private static List<Long> numbers(AnchorFile file) {
        return file.read().stream().map(Head::number).toList();
    }

    private static void append(EventLog log) {
        var ids = new Ids(Clock.systemUTC(), new SecureRandom());
        var event = new NewEvent(
                ids.next(), new EventType("lead.seen"), 1, "s", JsonNodeFactory.instance.objectNode(), ids.now(), null);
        log.append(Unit.of(CONTEXT, new StreamAppend(new StreamId("lead", "1"), Expected.any(), List.of(event))));
    }
}
