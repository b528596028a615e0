package io.cairn.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.server.RunningCairn.Answer;
import java.net.URLEncoder;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What lies at the very edge of what the doors let in is kept whole or refused with a reason, and never fails within.
@SharedCairn
class BoundaryInputTest {
    /// No double holds it, and written out it has a hundred thousand million digits.
    private static final String HUGE = "1e99999999999";

    private static final List<Integer> LONGEST = List.of(504, 505, 506, 507, 508, 509, 510, 511, 512);

    private final RunningCairn cairn;

    BoundaryInputTest(RunningCairn cairn) {
        this.cairn = cairn;
    }

    private static String id(String letter, int length) {
        return letter.repeat(length);
    }

    private static String encoded(String id) {
        return URLEncoder.encode(id, UTF_8);
    }

    @Test
    void conversationsAndMessagesMayHaveTheLongestIds() {
        for (var letter : List.of("c", "日")) {
            for (int length : LONGEST) {
                var path = "/v1/conversations/%s/messages".formatted(encoded(id(letter, length)));

                cairn.post(path, """
                    {"messages":[{"id":"%s","role":"user","content":"hello"}]}\
                    """.formatted(id(letter, length))).has(201);

                assertThat(cairn.get(path).has(200).text("/items/0/id")).isEqualTo(id(letter, length));
            }
        }
        cairn.post("/v1/conversations/" + id("c", 513) + "/messages", """
            {"messages":[{"role":"user","content":"hello"}]}\
            """).isProblem(422, "invalid");
    }

    @Test
    void documentsMayHaveTheLongestIdsAndOneDoesNotTakeItsBatchWithIt() {
        for (var letter : List.of("d", "語")) {
            var documents = LONGEST.stream()
                    .map(length -> """
                        {"id":"%s","content":"text %s %d"}\
                        """.formatted(id(letter, length), letter, length))
                    .collect(Collectors.joining(","));

            cairn.post("/v1/documents/batch", "{\"documents\":[%s]}".formatted(documents))
                    .has(200);

            for (int length : LONGEST) {
                assertThat(cairn.get("/v1/documents/" + encoded(id(letter, length)))
                                .has(200)
                                .text("/id"))
                        .isEqualTo(id(letter, length));
            }
        }
        var mixed =
                cairn.post("/v1/documents/batch", """
                    {"documents":[{"id":"short","content":"a"},{"id":"%s","content":"b"}]}\
                    """.formatted(id("d", 513))).has(200);
        assertThat(mixed.text("/results/0/status")).isEqualTo("created");
        assertThat(mixed.text("/results/1/status")).isEqualTo("rejected");
    }

    @Test
    void eventsMayBeInStreamsOfTheLongestIds() {
        for (int length : LONGEST) {
            cairn.post("/v1/streams/lead/%s/events".formatted(id("s", length)), """
                {"expected":"none","events":[{"type":"lead.seen","payload":{}}]}\
                """)
                    .has(201);
        }
    }

    @Test
    void aNumberThatNobodyCanWriteOutIsRefusedWhereverItStands() {
        refused(cairn.post("/v1/conversations/numbers/messages", """
            {"messages":[{"role":"user","content":"hello","metadata":{"n":%s}}]}\
            """.formatted(HUGE)));
        refused(cairn.post("/v1/documents", """
            {"id":"numbers","content":"hello","metadata":{"n":%s}}\
            """.formatted(HUGE)));
        refused(cairn.post("/v1/documents/batch", """
            {"documents":[{"id":"numbers","content":"hello","metadata":{"a":[{"n":%s}]}}]}\
            """.formatted(HUGE)));
        refused(cairn.post("/v1/streams/lead/numbers/events", """
            {"expected":"any","events":[{"type":"lead.seen","payload":{"n":%s}}]}\
            """.formatted(HUGE)));
        refused(cairn.post("/v1/recall", """
            {"query":"hello","filters":{"metadata":{"n":%s}}}\
            """.formatted(HUGE)));
        refused(cairn.post("/v1/recall", """
            {"query":"hello","threshold":%s}\
            """.formatted(HUGE)));
        refused(cairn.post("/v1/tasks", """
            {"type":"event.append","payload":{"n":%s}}\
            """.formatted(HUGE)));
    }

    private static void refused(Answer answer) {
        assertThat(answer.status()).as(answer.response().body()).isBetween(400, 422);
    }

    @Test
    void anIdOfJsonRpcThatIsSuchANumberIsRefused() {
        var answer = cairn.post("/mcp", """
            {"jsonrpc":"2.0","id":%s,"method":"ping"}\
            """.formatted(HUGE));

        refused(answer);
        assertThat(answer.response().body()).doesNotContain("-32603");
    }

    @Test
    void aHundredFiltersOnMetadataAreAnsweredAndAThousandAndTwentyFourRefused() {
        cairn.post("/v1/recall", filteredBy(100)).has(200);

        assertThat(cairn.post("/v1/recall", filteredBy(1_024))
                        .isProblem(422, "invalid")
                        .text("/errors/0/field"))
                .isEqualTo("filters.metadata");
    }

    private static String filteredBy(int fields) {
        return IntStream.range(0, fields)
                .mapToObj(i -> "\"k%d\":%d".formatted(i, i))
                .collect(Collectors.joining(",", "{\"query\":\"hello\",\"filters\":{\"metadata\":{", "}}}"));
    }
}
