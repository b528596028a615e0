package io.cairn.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.server.RunningCairn;
import io.cairn.server.SharedCairn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@SharedCairn(understanding = true)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecallDoorTest {
    private final RunningCairn cairn;
    private final String position;

    RecallDoorTest(RunningCairn cairn) {
        this.cairn = cairn;
        cairn.post("/v1/conversations/trip/messages", """
            {"messages":[{"id":"m1","role":"user","speaker":"Ana","content":"We sail to Naxos on Friday."}]}\
            """).has(201);
        position = cairn.post("/v1/documents", """
            {"id":"tides","title":"Tides","content":"The harbour of Piraeus is deep.","tags":["sea"],"language":"en"}\
            """).has(201).text("/position");
    }

    @Test
    void badQueriesAreRefusedByTheirFields() {
        for (var bad : new String[][] {
            {"{}", "query"},
            {"{\"query\":\" \"}", "query"},
            {"{\"query\":\"x\",\"limit\":0}", "limit"},
            {"{\"query\":\"x\",\"limit\":101}", "limit"},
            {"{\"query\":\"x\",\"threshold\":1.5}", "threshold"},
            {"{\"query\":\"x\",\"min_position\":\"soon\"}", "min_position"},
            {"{\"query\":\"x\",\"filters\":{\"kinds\":[\"song\"]}}", "filters.kinds[0]"},
            {"{\"query\":\"x\",\"group_by\":[\"page\"]}", "group_by[0]"},
            {"{\"query\":\"x\",\"group_by\":[\"section\",\"document\"]}", "group_by"},
            {"{\"query\":\"x\",\"filters\":{\"language\":\"1\"}}", "filters.language"},
            {"{\"query\":\"x\",\"filters\":{\"from\":\"yesterday\"}}", "filters.from"},
            {"{\"query\":\"x\",\"filters\":{\"metadata\":{\"a\":[1]}}}", "filters.metadata.a"},
            {"{\"query\":\"x\",\"filters\":{\"colour\":\"red\"}}", "filters.colour"},
            {"{\"query\":\"x\",\"explain\":\"yes\"}", "explain"},
        }) {
            assertThat(cairn.post("/v1/recall", bad[0])
                            .isProblem(422, "invalid")
                            .text("/errors/0/field"))
                    .as(bad[0])
                    .isEqualTo(bad[1]);
        }
    }

    @Test
    void aPositionOfAnotherLogIsAConflictAndOneNotReachedIsNotYet() {
        cairn.post("/v1/recall", "{\"query\":\"x\",\"min_position\":\"zzz-0-1\"}")
                .isProblem(409, "position_moved");
        var ahead = position.substring(0, position.lastIndexOf('-')) + "-999999";
        assertThat(cairn.post("/v1/recall", "{\"query\":\"x\",\"min_position\":\"%s\"}".formatted(ahead))
                        .isProblem(503, "not_visible_yet")
                        .header("Retry-After"))
                .matches("[1-9][0-9]*");
    }

    @Test
    void theNearestIsAnsweredWhereNothingFits() {
        var answer = cairn.post("/v1/recall", """
            {"query":"Who won the chess tournament?","min_position":"%s"}\
            """.formatted(position)).has(200).json();

        assertThat(answer.path("fits").asBoolean(true)).isFalse();
        assertThat(answer.path("hits"))
                .isNotEmpty()
                .allSatisfy(hit -> assertThat(hit.path("relevance").asDouble()).isLessThan(.3));
    }

    @Test
    void whatWasStoredIsFoundWithItsCitation() {
        var answer = cairn.post(
                        "/v1/recall",
                        "{\"query\":\"sail Naxos\",\"min_position\":\"%s\",\"explain\":true}".formatted(position))
                .has(200)
                .json();
        var hit = answer.at("/hits/0");
        assertThat(hit.path("kind").asString()).isEqualTo("message");
        assertThat(hit.at("/citation/conversation_id").asString()).isEqualTo("trip");
        assertThat(hit.at("/citation/message_id").asString()).isEqualTo("m1");
        assertThat(hit.at("/scores/legs/0/leg").asString()).isNotBlank();
        assertThat(answer.path("position").asString()).isNotBlank();
        assertThat(answer.has("took_ms")).isTrue();
        assertThat(hit.path("relevance").asDouble()).isGreaterThan(.3);
        assertThat(answer.path("fits").asBoolean()).isTrue();
        var filtered = cairn.post(
                        "/v1/recall",
                        "{\"query\":\"harbour\",\"filters\":{\"kinds\":[\"document\"],\"tags_all\":[\"sea\"]}}")
                .has(200)
                .json();
        assertThat(filtered.at("/hits/0/citation/document_id").asString()).isEqualTo("tides");
        assertThat(filtered.at("/hits/0").has("scores")).isFalse();
    }
}
