package io.cairn.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.server.RunningCairn;
import io.cairn.server.SharedCairn;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@SharedCairn
class SchemasDoorTest {
    private static final String SCORE =
            "{\"type\":\"object\",\"required\":[\"score\"],\"properties\":{\"score\":{\"type\":\"number\",\"maximum\":100}}}";
    private static final String DEFAULT =
            "{\"operations\":[{\"op\":\"default\",\"path\":\"/confidence\",\"value\":0.5}]}";

    private final RunningCairn cairn;

    SchemasDoorTest(RunningCairn cairn) {
        this.cairn = cairn;
    }

    private RunningCairn.Answer put(String type, String version, String body) {
        return cairn.send(cairn.request("/v1/schemas/" + type + "/" + version)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body)));
    }

    private static String body(String schema, String more) {
        return "{\"schema\":" + schema + more + "}";
    }

    private RunningCairn.Answer append(String stream, String events) {
        return cairn.post("/v1/streams/" + stream + "/events", "{\"expected\":\"any\",\"events\":[" + events + "]}");
    }

    private static String event(String type, int version, String payload) {
        return "{\"type\":\"%s\",\"version\":%d,\"payload\":%s}".formatted(type, version, payload);
    }

    @Test
    void cairnsOwnTypesStayReserved() {
        for (var own : new String[] {"message.added", "conversation.x", "document", "cairn.schema.registered"}) {
            put(own, "1", body("true", "")).isProblem(403, "reserved");
        }
    }

    @Test
    void registeringNeedsTheScopeAdmin() {
        var request = cairn.request("/v1/schemas/scope.checked/1")
                .setHeader("Authorization", "Bearer " + SharedCairn.WRITER)
                .header("Content-Type", "application/json");
        cairn.send(request.copy().PUT(BodyPublishers.ofString(body("true", ""))))
                .isProblem(403, "scope_missing");
        cairn.send(request.copy().GET()).isProblem(404, "not_found");
    }

    @Test
    void aBatchIsRefusedAsAWholeAndEachFaultNamesItsEventAndPlace() {
        put("batch.scored", "1", body(SCORE, "")).has(201);

        var problem = append(
                        "batch/1",
                        event("batch.scored", 1, "{\"score\":1}") + "," + event("batch.scored", 1, "{\"score\":101}")
                                + "," + event("batch.scored", 1, "{}") + ","
                                + event("batch.scored", 2, "{\"score\":1}"))
                .isProblem(422, "schema_violated")
                .json();

        assertThat(problem.path("errors").size()).isEqualTo(3);
        var first = problem.at("/errors/0");
        assertThat(first.path("index").asInt()).isEqualTo(1);
        assertThat(first.path("field").asString()).isEqualTo("events[1].payload/score");
        assertThat(first.path("code").asString()).isEqualTo("schema_violated");
        assertThat(first.path("found").asString()).isEqualTo("101");
        assertThat(first.path("allowed").asString()).isEqualTo("maximum 100");
        assertThat(problem.at("/errors/1/found").asString()).isEqualTo("nothing");
        assertThat(problem.at("/errors/2/field").asString()).isEqualTo("events[3].type");
        assertThat(problem.at("/errors/2/code").asString()).isEqualTo("version_unknown");
        assertThat(problem.at("/errors/2/allowed").asString()).isEqualTo("1");
        assertThat(cairn.get("/v1/streams/batch/1/events")
                        .has(200)
                        .json()
                        .path("items")
                        .size())
                .isZero();
    }

    @Test
    void aRegisteredVersionStaysAsItIs() {
        var first = put("kept.scored", "1", body(SCORE, "")).has(201);
        assertThat(first.text("/status")).isEqualTo("created");

        var again = put("kept.scored", "1", body(SCORE, "")).has(200);

        assertThat(again.text("/status")).isEqualTo("unchanged");
        assertThat(again.text("/position")).isEqualTo(first.text("/position"));
        put("kept.scored", "1", body("true", "")).isProblem(409, "schema_registered");
        put("kept.scored", "1", body(SCORE, ",\"description\":\"other\"")).isProblem(409, "schema_registered");
    }

    @Test
    void versionsComeInTheirOrderAndSayHowToComeToThem() {
        assertThat(put("order.scored", "2", body(SCORE, ",\"upcaster\":" + DEFAULT))
                        .isProblem(422, "invalid")
                        .text("/errors/0/field"))
                .isEqualTo("version");
        put("order.scored", "0", body(SCORE, "")).isProblem(422, "invalid");
        put("order.scored", "one", body(SCORE, "")).isProblem(422, "invalid");
        put("order.scored", "1", body(SCORE, "")).has(201);
        assertThat(put("order.scored", "2", body(SCORE, ""))
                        .isProblem(422, "invalid")
                        .text("/errors/0/allowed"))
                .isEqualTo("operations, or \"impossible\": true");
        put("order.scored", "2", body(SCORE, ",\"upcaster\":{\"impossible\":true}"))
                .has(201);
        put("order.scored", "3", body(SCORE, ",\"upcaster\":" + DEFAULT)).has(201);

        var shown = cairn.get("/v1/schemas/order.scored/3").has(200).json();
        assertThat(shown.at("/upcaster/operations/0/value").decimalValue()).isEqualByComparingTo("0.5");
        assertThat(shown.path("registered_by").asString()).isEqualTo("admin");
        assertThat(cairn.get("/v1/schemas/order.scored?limit=2").has(200).text("/next"))
                .isEqualTo("2");
        assertThat(cairn.get("/v1/schemas/order.scored?after=2")
                        .has(200)
                        .json()
                        .at("/items/0/version")
                        .asInt())
                .isEqualTo(3);
        cairn.get("/v1/schemas/order.scored/4").isProblem(404, "not_found");
        cairn.get("/v1/schemas/never.seen").isProblem(404, "not_found");
    }

    @Test
    void badBodiesAreNamedByTheirFields() {
        field("schema", "{}");
        field("schema", body("5", ""));
        field("schema/type", body("{\"type\":\"strin\"}", ""));
        field("schema/$ref", body("{\"$ref\":\"https://example.org/s\"}", ""));
        field("schema/pattern", body("{\"pattern\":\"(?=a)\"}", ""));
        field("examples[0]/score", body(SCORE, ",\"examples\":[{\"score\":101}]"));
        field("upcaster", body("true", ",\"upcaster\":" + DEFAULT));
        field("upcaster", body("true", ",\"upcaster\":{}"));
        field("upcaster", body("true", ",\"upcaster\":{\"impossible\":true,\"operations\":[]}"));
        field(
                "upcaster.operations[0]",
                body("true", ",\"upcaster\":{\"operations\":[{\"op\":\"move\",\"path\":\"/a\"}]}"));
        field(
                "upcaster.operations[0]",
                body("true", ",\"upcaster\":{\"operations\":[{\"op\":\"set\",\"path\":\"a\",\"value\":1}]}"));
        field("nope", body("true", ",\"nope\":1"));
        put("bad.scored", "1", "{").isProblem(400, "malformed_json");
        put("9", "1", body("true", "")).isProblem(422, "invalid");
        put("bad.scored", "1", body("{\"x\":\"" + "y".repeat(70_000) + "\"}", ""))
                .isProblem(422, "invalid");
    }

    private void field(String name, String body) {
        assertThat(put("bad.scored", "1", body).isProblem(422, "invalid").text("/errors/0/field"))
                .as(body)
                .isEqualTo(name);
    }

    @Test
    void anAppendThatIsSentAgainGetsItsFirstAnswerWhateverWasRegisteredMeanwhile() {
        var id = UUID.randomUUID();
        var event = "{\"id\":\"%s\",\"type\":\"again.scored\",\"payload\":{\"score\":1}}".formatted(id);
        var first = append("again/1", event).has(201);
        put("again.scored", "1", body(SCORE, "")).has(201);
        put("again.scored", "2", body(SCORE, ",\"upcaster\":" + DEFAULT)).has(201);

        assertThat(append("again/1", event).has(200).json()).isEqualTo(first.json());
        append("again/1", event.replace("\"score\":1", "\"score\":2")).isProblem(409, "id_reused");
    }

    @Test
    void aPayloadThatCannotBeUpcastIsToldAndTheOthersAreRead() {
        append(
                        "told/1",
                        event("told.scored", 1, "{\"score\":1}") + ","
                                + event("told.scored", 1, "{\"score\":1,\"grade\":2}"))
                .has(201);
        put("told.scored", "1", body(SCORE, "")).has(201);
        put(
                        "told.scored",
                        "2",
                        body(
                                "true",
                                ",\"upcaster\":{\"operations\":[{\"op\":\"rename\",\"from\":\"/score\",\"path\":\"/grade\"}]}"))
                .has(201);

        var items = cairn.get("/v1/streams/told/1/events").has(200).json().path("items");

        assertThat(items.at("/0/payload/grade").asInt()).isEqualTo(1);
        assertThat(items.at("/0/schema_version").asInt()).isEqualTo(2);
        assertThat(items.at("/1/payload").isNull()).isTrue();
        assertThat(items.at("/1/schema_version").asInt()).isEqualTo(1);
        assertThat(items.at("/1/payload_error").asString())
                .isEqualTo("told.scored of version 1 cannot be read as version 2: rename /score to /grade: something is"
                        + " at /grade already");
    }

    @Test
    void typesAreListedPageByPage() {
        for (var name : new String[] {"list.a", "list.b", "list.c"}) {
            put(name, "1", body("true", ",\"description\":\"of " + name + "\"")).has(201);
        }
        var page = cairn.get("/v1/schemas?after=list&limit=2").has(200);
        assertThat(page.text("/items/0/type")).isEqualTo("list.a");
        assertThat(page.text("/items/0/description")).isEqualTo("of list.a");
        assertThat(page.text("/next")).isEqualTo("list.b");
        assertThat(cairn.get("/v1/schemas?after=list.b&limit=1").has(200).text("/items/0/type"))
                .isEqualTo("list.c");
    }
}
