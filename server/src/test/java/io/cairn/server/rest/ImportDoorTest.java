package io.cairn.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.server.RunningCairn;
import io.cairn.server.SharedCairn;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// A file that cannot be imported: whoever sent it is told which line, why, and what to do.
@SharedCairn
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImportDoorTest {
    private final RunningCairn cairn;
    private final String ownExport;
    private String otherExport;

    ImportDoorTest(RunningCairn cairn) {
        this.cairn = cairn;
        this.ownExport = filled(cairn);
    }

    @BeforeAll
    void startAnother(@TempDir Path data) {
        otherExport = exportOf(data);
    }

    private static String exportOf(Path data) {
        try (var other = RunningCairn.startCheaply(data)) {
            return filled(other);
        }
    }

    private static String filled(RunningCairn cairn) {
        cairn.post("/v1/conversations/c/messages", "{\"messages\":[{\"role\":\"user\",\"content\":\"Here.\"}]}")
                .has(201);
        return cairn.get("/v1/export").has(200).response().body();
    }

    private String refused(String body) {
        return cairn.send(cairn.request("/v1/import")
                        .header("Content-Type", "application/x-ndjson")
                        .POST(BodyPublishers.ofString(body)))
                .isProblem(422, "not_importable")
                .text("/detail");
    }

    @Test
    void aFileThatIsNoExportIsNamedAsSuch() {
        assertThat(refused("PK\u0003\u0004 not JSON"))
                .isEqualTo("Line 1 is not JSON: this is no export of Cairn, or it was damaged");
        assertThat(refused("{\"a\":1}")).startsWith("Line 1 cannot be imported: ");
        assertThat(refused("[]")).startsWith("Line 1 cannot be imported: ");
    }

    @Test
    void anExportUnderAnotherMasterKeySaysWhichKeyIsNeeded() {
        assertThat(refused(otherExport))
                .contains(
                        "its key was wrapped by another master key",
                        "start with the master key of the log it came from");
        assertThat(cairn.get("/v1/conversations/c/messages").has(200).json().path("items"))
                .hasSize(1);
    }

    @Test
    void anExportOfThisVeryLogIsNotTakenInAgain() {
        assertThat(refused(ownExport)).contains("it is an export of this very log");
    }

    @Test
    void anExportThatWasCutInALineNamesTheLine() {
        var lines = otherExport.lines().toList();
        assertThat(refused(lines.getFirst() + "\n" + lines.get(1).substring(0, 20)))
                .isEqualTo("Line 2 is not JSON: this is no export of Cairn, or it was damaged");
    }
}
