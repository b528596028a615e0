package io.cairn.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.server.RunningCairn;
import io.cairn.server.SharedCairn;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@SharedCairn
class ConversationsDoorTest {
    private static final String HELLO = """
        {"messages":[{"id":"m1","role":"user","speaker":"Ana","content":"Hello","at":"2026-03-01T12:30:00Z",
                      "metadata":{"mood":"glad","n":1.50}},
                     {"id":"m2","role":"assistant","content":"Hello, Ana"}]}\
        """;

    private final RunningCairn cairn;

    ConversationsDoorTest(RunningCairn cairn) {
        this.cairn = cairn;
    }

    @Test
    void aBadFieldIsNamedWithWhatWasFoundAndWhatIsAllowed() {
        var answer = cairn.post("/v1/conversations/bad/messages", """
            {"messages":[{"role":"user","content":"fine"},{"role":" ","content":"x"}]}\
            """).isProblem(422, "invalid");
        assertThat(answer.text("/errors/0/field")).isEqualTo("messages[1].role");
        assertThat(answer.json().at("/errors/0/index").asInt()).isEqualTo(1);
        assertThat(answer.text("/errors/0/found")).isEqualTo("nothing but blanks");
        assertThat(answer.text("/errors/0/allowed")).isEqualTo("1 to 200 characters");
    }

    @Test
    void everyBadItemIsNamed() {
        var answer = cairn.post("/v1/conversations/bad/messages", """
            {"messages":[{"role":"user"},{"content":"x"},null]}\
            """).isProblem(422, "invalid");
        assertThat(answer.json()
                        .at("/errors")
                        .valueStream()
                        .map(error -> error.path("field").asString()))
                .containsExactly("messages[0].content", "messages[1].role", "messages[2]");
    }

    @Test
    void anUnknownFieldIsRefusedByItsName() {
        var answer = cairn.post("/v1/conversations/bad/messages", """
            {"messages":[{"role":"user","content":"x","colour":"red"}]}\
            """).isProblem(422, "invalid");
        assertThat(answer.text("/errors/0/field")).isEqualTo("messages[0].colour");
        assertThat(answer.text("/errors/0/allowed")).contains("role", "speaker");
    }

    @Test
    void aValueOfAnotherTypeIsRefusedByItsName() {
        var answer = cairn.post("/v1/conversations/bad/messages", """
            {"messages":[{"role":"user","content":["x"]}]}\
            """).isProblem(422, "invalid");
        assertThat(answer.text("/errors/0/field")).isEqualTo("messages[0].content");
        assertThat(answer.text("/errors/0/found")).isEqualTo("a list");
        assertThat(answer.text("/errors/0/allowed")).isEqualTo("a string");
    }

    @Test
    void aTimeWithoutAZoneIsRefusedByItsName() {
        var answer = cairn.post("/v1/conversations/bad/messages", """
            {"messages":[{"role":"user","content":"x","at":"2026-03-01 12:30"}]}\
            """).isProblem(422, "invalid");
        assertThat(answer.text("/errors/0/field")).isEqualTo("messages[0].at");
    }

    @Test
    void aLoneSurrogateOrANullCharacterIsRefusedByItsField() {
        for (var bad : new String[] {"\\u0000", "\\ud800", "x\\udc00y"}) {
            var answer = cairn.post(
                            "/v1/conversations/bad/messages",
                            "{\"messages\":[{\"role\":\"user\",\"content\":\"x\",\"metadata\":{\"a\":[\"%s\"]}}]}"
                                    .formatted(bad))
                    .isProblem(422, "invalid");
            assertThat(answer.text("/errors/0/field")).isEqualTo("messages[0].metadata.a[0]");
        }
    }

    @Test
    void tooManyMessagesAreRefusedWithTheLimitsName() {
        var messages = IntStream.range(0, 1001)
                .mapToObj(i -> "{\"role\":\"user\",\"content\":\"%d\"}".formatted(i))
                .collect(Collectors.joining(","));
        var answer = cairn.post("/v1/conversations/many/messages", "{\"messages\":[" + messages + "]}")
                .isProblem(422, "batch_too_large");
        assertThat(answer.text("/detail")).contains("max-batch-size", "1000", "1001");
        cairn.get("/v1/conversations/many").isProblem(404, "not_found");
    }

    @Test
    void anEmptyListOfMessagesIsRefused() {
        cairn.post("/v1/conversations/bad/messages", "{\"messages\":[]}").isProblem(422, "invalid");
        cairn.post("/v1/conversations/bad/messages", "{}").isProblem(422, "invalid");
    }

    @Test
    void anIdTwiceInOneRequestIsRefused() {
        var answer = cairn.post("/v1/conversations/bad/messages", """
            {"messages":[{"id":"a","role":"user","content":"x"},{"id":"a","role":"user","content":"x"}]}\
            """).isProblem(422, "invalid");
        assertThat(answer.text("/errors/0/field")).isEqualTo("messages[1].id");
    }

    @Test
    void anIdWithOtherContentIsRefusedAndNothingIsAdded() {
        cairn.post("/v1/conversations/reuse/messages", HELLO).has(201);
        var answer = cairn.post("/v1/conversations/reuse/messages", """
            {"messages":[{"id":"m9","role":"user","content":"new"},{"id":"m1","role":"user","content":"other"}]}\
            """).isProblem(409, "id_reused");
        assertThat(answer.text("/detail")).contains("m1").doesNotContain("m9");
        assertThat(cairn.get("/v1/conversations/reuse")
                        .json()
                        .path("message_count")
                        .asLong())
                .isEqualTo(2);
    }

    @Test
    void aDeletedConversationStaysBurnt() {
        cairn.post("/v1/conversations/gone/messages", HELLO).has(201);
        assertThat(cairn.delete("/v1/conversations/gone").has(200).text("/position"))
                .isNotEmpty();
        cairn.get("/v1/conversations/gone").isProblem(404, "not_found");
        cairn.get("/v1/conversations/gone/messages").isProblem(404, "not_found");
        cairn.post("/v1/conversations/gone/messages", HELLO).isProblem(409, "deleted");
        cairn.delete("/v1/conversations/never").isProblem(404, "not_found");
    }

    @Test
    void aBadLimitOrCursorIsRefusedByItsName() {
        for (var limit : new String[] {"0", "1001", "-1", "ten", "99999999999999999999"}) {
            assertThat(cairn.get("/v1/conversations?limit=" + limit)
                            .isProblem(422, "invalid")
                            .text("/errors/0/field"))
                    .isEqualTo("limit");
        }
        cairn.post("/v1/conversations/cursor/messages", HELLO).has(201);
        assertThat(cairn.get("/v1/conversations/cursor/messages?after=m1")
                        .isProblem(422, "invalid")
                        .text("/errors/0/field"))
                .isEqualTo("after");
    }

    @Test
    void messagesComeBackAsTheyWereSent() {
        var added = cairn.post("/v1/conversations/read/messages", HELLO).has(201);
        assertThat(added.json().at("/messages/1/sequence").asLong()).isEqualTo(2);
        var page = cairn.get("/v1/conversations/read/messages").has(200).json();
        assertThat(page.at("/items/0/content").asString()).isEqualTo("Hello");
        assertThat(page.at("/items/0/speaker").asString()).isEqualTo("Ana");
        assertThat(page.at("/items/0/at").asString()).isEqualTo("2026-03-01T12:30:00Z");
        assertThat(page.at("/items/0/metadata").toString()).isEqualTo("{\"mood\":\"glad\",\"n\":1.50}");
        assertThat(page.has("next")).isFalse();
        var conversation = cairn.get("/v1/conversations/read").has(200);
        assertThat(conversation.text("/position")).isEqualTo(added.text("/position"));
    }

    @Test
    void theSameMessagesAgainAreAnsweredAsBefore() {
        var first = cairn.post("/v1/conversations/again/messages", HELLO).has(201);
        var second = cairn.post("/v1/conversations/again/messages", HELLO).has(200);
        assertThat(second.json()).isEqualTo(first.json());
    }

    @Test
    void anIdempotencyKeyGivesTheIdsThatAreMissing() {
        var body = "{\"messages\":[{\"role\":\"user\",\"content\":\"once\"}]}";
        var first = cairn.post("/v1/conversations/key/messages", body, "Idempotency-Key", "k1")
                .has(201);
        var second = cairn.post("/v1/conversations/key/messages", body, "Idempotency-Key", "k1")
                .has(200);
        assertThat(second.json()).isEqualTo(first.json());
        cairn.post(
                        "/v1/conversations/key/messages",
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"other\"}]}",
                        "Idempotency-Key",
                        "k1")
                .isProblem(409, "id_reused");
    }

    @Test
    void pagesFollowEachOther() {
        cairn.post("/v1/conversations/pages/messages", HELLO).has(201);
        var first =
                cairn.get("/v1/conversations/pages/messages?limit=1").has(200).json();
        var next = first.path("next").asString();
        var second = cairn.get("/v1/conversations/pages/messages?limit=1&after=" + next)
                .has(200)
                .json();
        assertThat(first.at("/items/0/id").asString()).isEqualTo("m1");
        assertThat(second.at("/items/0/id").asString()).isEqualTo("m2");
        assertThat(second.has("next")).isFalse();
        assertThat(cairn.get("/v1/conversations?limit=1")
                        .has(200)
                        .json()
                        .path("items")
                        .size())
                .isEqualTo(1);
    }

    @Test
    void anIdMayHoldAnyCharacter() {
        for (var id : new String[] {
            "a%2Fb",
            "%25",
            "a%5Cb",
            "a%3Bb%3Dc",
            "%C3%A9%F0%9F%98%80",
            "a%20b",
            "a%2F%2Fb",
            "..%2F..%2Fetc",
            "a%3Fb%23c",
            "%252F"
        }) {
            cairn.post("/v1/conversations/" + id + "/messages", HELLO).has(201);
            assertThat(cairn.get("/v1/conversations/" + id).has(200).text("/id"))
                    .isEqualTo(java.net.URLDecoder.decode(id, java.nio.charset.StandardCharsets.UTF_8));
        }
    }
}
