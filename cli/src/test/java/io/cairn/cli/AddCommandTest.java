package io.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.client.ScriptedServer;
import io.cairn.client.ScriptedServer.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AddCommandTest {
    private static final String APPENDED = "{\"position\":\"p\",\"messages\":[]}";

    @TempDir
    private Path folder;

    private ScriptedServer server;
    private Calls cairn;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer();
        cairn = new Calls(folder).with("CAIRN_URL", server.address().toString()).with("CAIRN_API_KEY", "k");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void file(String path, String content) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private static Reply results(String... results) {
        String body = IntStream.range(0, results.length)
                .mapToObj(i -> "{\"index\":" + i + "," + results[i] + "}\n")
                .collect(Collectors.joining());
        return new Reply.Full(200, "application/x-ndjson", body, Map.of());
    }

    @Test
    void aFolderIsAddedUnderItsRelativePathsWithoutWhatToolsMade() throws IOException {
        file("docs/a.md", "# Title of a\ntext");
        file("docs/deep/b.txt", "text b");
        file("docs/.hidden/c.md", "no");
        file("docs/node_modules/d.md", "no");
        file("docs/target/e.md", "no");
        file("docs/picture.png", "\u0000PNG");
        server.then(results(
                "\"id\":\"a\",\"version\":1,\"status\":\"created\"",
                "\"id\":\"b\",\"version\":2,\"status\":\"updated\""));

        var outcome = cairn.call("add", "docs", "--tag", "t");

        assertThat(outcome.exit()).isZero();
        assertThat(server.requests())
                .singleElement()
                .satisfies(
                        request -> assertThat(request.body().lines())
                                .containsExactly(
                                        "{\"id\":\"docs/a.md\",\"title\":\"Title of a\",\"content\":\"# Title of a\\n"
                                                + "text\",\"media_type\":\"text/markdown\",\"source_type\":\"file\",\"tags\":[\"t\"]}",
                                        "{\"id\":\"docs/deep/b.txt\",\"title\":\"b.txt\",\"content\":\"text"
                                                + " b\",\"media_type\":\"text/plain\",\"source_type\":\"file\",\"tags\":[\"t\"]}"));
        assertThat(outcome.err()).contains("2 files, 23 B", "hold no text: png 1");
        assertThat(outcome.out()).startsWith("1 created, 1 updated (");
    }

    @Test
    void eachFileThatIsRefusedIsNamedWithItsReasonAndTheOthersGoIn() throws IOException {
        file("good.md", "text");
        file("big.md", "x".repeat(2000));
        file("empty.txt", "");
        file("photo.jpg", "\u0000");
        server.then(results("\"status\":\"rejected\",\"error\":{\"code\":\"no_text\",\"detail\":\"no text in it\"}"));

        var outcome = cairn.call("add", "good.md", "big.md", "empty.txt", "photo.jpg", "gone.md", "--max-size", "1K");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err())
                .contains(
                        "refused big.md: has 1 KiB, allowed are 1 KiB (--max-size)",
                        "refused empty.txt: is empty",
                        "refused photo.jpg: holds no text that can be read (jpg)",
                        "refused gone.md: does not exist",
                        "refused good.md: no text in it");
        assertThat(outcome.out()).startsWith("Nothing added, 5 refused (");
    }

    @Test
    void filesThatAreNoPlainTextAreSentAsTheyAre() throws IOException {
        file("page.html", "<h1>x</h1>");
        Files.write(folder.resolve("latin.txt"), new byte[] {'c', 'a', 'f', (byte) 0xe9});
        server.then(201, "{\"id\":\"x\",\"version\":1,\"position\":\"p\",\"status\":\"created\"}")
                .then(422, "{\"title\":\"Unreadable\",\"code\":\"unreadable\",\"detail\":\"broken file\"}");

        var outcome = cairn.call("add", "page.html", "latin.txt");

        assertThat(server.requests().getFirst().body())
                .contains("name=\"id\"\r\n\r\npage.html", "Content-Type: text/html");
        assertThat(outcome.err()).contains("refused latin.txt: Unreadable. broken file.");
        assertThat(outcome.exit()).isEqualTo(1);
    }

    @Test
    void whatCameInAFileIsCountedAndWhatOfItCouldNotBeReadIsTold() throws IOException {
        file("a.eml", "Subject: x\n\nx");
        server.then(201, """
            {"id":"a.eml","version":1,"position":"p","status":"created","parts":[
              {"name":"a.txt","id":"a.eml!/a.txt","part_of":"a.eml","version":1,"status":"created"},
              {"name":"logo.png","part_of":"a.eml","status":"rejected",
               "error":{"code":"unsupported_type","detail":"Files of type image/png are not read"}}]}\
            """);

        var outcome = cairn.call("add", "a.eml");

        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out()).startsWith("1 created, 1 within them (");
        assertThat(outcome.err()).contains("not read logo.png in a.eml: ", "Files of type image/png are not read");
    }

    @Test
    void aRefusedKeyEndsTheWholeRun() throws IOException {
        file("a.md", "text");
        server.then(401, "{\"title\":\"Not allowed\",\"code\":\"unauthorized\"}");

        assertThat(cairn.call("add", "a.md").exit()).isEqualTo(1);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void jsonIsOneLinePerDocumentAndASummary() throws IOException {
        file("a.md", "text");
        server.then(results("\"id\":\"a.md\",\"version\":1,\"status\":\"created\""));

        assertThat(cairn.call("add", "a.md", "--json").lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("{\"source\":\"a.md\",\"status\":\"created\""),
                        line -> assertThat(line).startsWith("{\"summary\":{\"counts\":{\"created\":1},\"refused\":0,"));
    }

    @Test
    void progressIsDrawnForATerminal() throws IOException {
        file("a.md", "text");
        server.then(results("\"id\":\"a.md\",\"version\":1,\"status\":\"created\""));

        assertThat(cairn.watched("add", "a.md").err()).contains("adding", "1/1 docs");
    }

    @Test
    void aTextFromStdinHasTheIdThatWasGiven() {
        server.then(results("\"id\":\"note\",\"version\":1,\"status\":\"created\""));

        assertThat(cairn.typing("hello").call("add", "-", "--id", "note").exit())
                .isZero();
        assertThat(server.requests().getFirst().body()).startsWith("{\"id\":\"note\",\"content\":\"hello\"");
    }

    @Test
    void linesOfMessagesGoToTheirConversationsInOrderUnderStableIds() throws IOException {
        file("talk.ndjson", """
            {"conversation_id":"c1","role":"user","content":"one"}
            {"conversation_id":"c1","role":"user","content":"two","id":"own"}

            {"role":"user","content":"three"}
            """);
        server.then(201, APPENDED).then(201, APPENDED);

        var outcome = cairn.call("add", "--ndjson", "talk.ndjson", "--conversation", "c2");

        assertThat(outcome.out()).startsWith("3 messages (");
        assertThat(server.requests())
                .extracting(ScriptedServer.Request::line)
                .containsExactly("POST /v1/conversations/c1/messages", "POST /v1/conversations/c2/messages");
        assertThat(server.requests().getFirst().body()).contains("\"id\":\"talk.ndjson:1\"", "\"id\":\"own\"");
    }

    @Test
    void ofMessagesThatAreRefusedTogetherOnlyTheGuiltyOneIsLeftOut() throws IOException {
        file("talk.ndjson", """
            {"role":"user","content":"one"}
            {"role":"user","content":"two"}
            """);
        String reused = "{\"title\":\"Id reused\",\"code\":\"id_reused\"}";
        server.then(409, reused).then(201, APPENDED).then(409, reused);

        var outcome = cairn.call("add", "--ndjson", "talk.ndjson", "--conversation", "c");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out()).startsWith("1 messages, 1 refused (");
        assertThat(outcome.err()).contains("refused talk.ndjson:2: Id reused.");
    }

    @Test
    void aLineThatCannotBeReadIsNamedByItsNumber() throws IOException {
        file("docs.ndjson", """
            {"content":"fine"}
            {"content":
            [1]
            {"contents":"x"}
            {"role":"user","content":"where to?"}
            """);
        server.then(results("\"id\":\"d\",\"version\":1,\"status\":\"created\""));

        var outcome = cairn.call("add", "--ndjson", "docs.ndjson");

        assertThat(outcome.err())
                .contains(
                        "refused docs.ndjson:2: cannot be read",
                        "refused docs.ndjson:3: is no JSON object",
                        "refused docs.ndjson:4: cannot be read: Unrecognized property \"contents\"",
                        "refused docs.ndjson:5: has no conversation_id");
        assertThat(outcome.out()).startsWith("1 created, 4 refused (");
    }
}
