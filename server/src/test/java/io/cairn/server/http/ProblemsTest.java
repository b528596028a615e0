package io.cairn.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.server.RawHttp;
import io.cairn.server.RunningCairn;
import io.cairn.server.SharedCairn;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;

@SharedCairn
class ProblemsTest {
    private static final String MESSAGES = "/v1/conversations/c/messages";

    private final RunningCairn cairn;

    ProblemsTest(RunningCairn cairn) {
        this.cairn = cairn;
    }

    @Test
    void malformedJsonIsRefusedWithItsPlace() {
        for (var body :
                new String[] {"{", "{\"messages\":[}", "hello", "{\"messages\":[]} x", "{'messages':[]}", "\u0000"}) {
            cairn.post(MESSAGES, body).isProblem(400, "malformed_json");
        }
        assertThat(cairn.post(MESSAGES, "{\n  \"messages\" [").text("/detail")).contains("line 2");
    }

    @Test
    void equalKeysAndDeepNestingAndEndlessNumbersAreRefused() {
        cairn.post(MESSAGES, "{\"messages\":[],\"messages\":[]}").isProblem(400, "malformed_json");
        cairn.post(MESSAGES, "[".repeat(100_000)).isProblem(422, "invalid");
        cairn.post(
                        "/v1/streams/a/b/events",
                        "{\"expected\":\"any\",\"events\":[{\"type\":\"a\",\"payload\":" + "[".repeat(5000))
                .isProblem(400, "malformed_json");
        cairn.post("/v1/recall", "{\"query\":\"x\",\"limit\":" + "9".repeat(2000) + "}")
                .isProblem(400, "malformed_json");
        cairn.post("/v1/recall", "{\"query\":\"x\",\"limit\":99999999999}").isProblem(422, "invalid");
        cairn.post("/v1/recall", "{\"query\":\"x\",\"limit\":1.5}").isProblem(422, "invalid");
        cairn.post("/v1/recall", "{\"query\":\"x\",\"threshold\":1e999}").isProblem(422, "invalid");
        cairn.post("/v1/recall", "{\"query\":\"x\",\"threshold\":NaN}").isProblem(400, "malformed_json");
    }

    @Test
    void brokenUtf8IsRefused() throws Exception {
        var body = "{\"query\":\"\u00ff\u00fe\u00c3\u0028\"}".getBytes(ISO_8859_1);
        cairn.send(cairn.request("/v1/recall")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(body)))
                .isProblem(400, "malformed_json");
    }

    @Test
    void aMissingBodyIsRefused() {
        cairn.post(MESSAGES, "").isProblem(400, "body_missing");
        cairn.post(MESSAGES, "null").isProblem(400, "body_missing");
    }

    @Test
    void anotherShapeIsRefusedByName() {
        assertThat(cairn.post(MESSAGES, "[]").isProblem(422, "invalid").text("/errors/0/allowed"))
                .isEqualTo("an object");
        assertThat(cairn.post(MESSAGES, "{\"messages\":{}}")
                        .isProblem(422, "invalid")
                        .text("/errors/0/allowed"))
                .isEqualTo("a list");
    }

    @Test
    void unknownRoutesMethodsAndTypesAreProblemsToo() {
        cairn.get("/v1/nothing").isProblem(404, "not_found");
        cairn.get("/").isProblem(404, "not_found");
        assertThat(cairn.send(cairn.request("/v1/recall").PUT(BodyPublishers.noBody()))
                        .isProblem(405, "method_not_allowed")
                        .header("Allow"))
                .isEqualTo("POST");
        cairn.send(cairn.request("/v1/recall")
                        .header("Content-Type", "text/csv")
                        .POST(BodyPublishers.ofString("a,b")))
                .isProblem(415, "media_type_unsupported");
        cairn.send(cairn.request("/v1/recall").POST(BodyPublishers.ofString("{}")))
                .isProblem(415, "media_type_unsupported");
        cairn.send(cairn.request("/v1/recall")
                        .header("Content-Type", "application/json; charset=nonsense")
                        .POST(BodyPublishers.ofString("{}")))
                .isProblem(415, "media_type_unsupported");
        cairn.send(cairn.request("/v1/recall")
                        .header("Content-Type", "application/json")
                        .header("Content-Encoding", "gzip")
                        .POST(BodyPublishers.ofString("{}")))
                .isProblem(415, "media_type_unsupported");
        cairn.send(cairn.request("/v1/status").header("Accept", "image/png")).isProblem(406, "not_acceptable");
    }

    @Test
    void aCorrelationIdIsTakenOverIfItIsOneAndMadeIfNot() {
        var given = cairn.send(cairn.request("/v1/status").header("X-Correlation-ID", "order-7.1"));
        assertThat(given.header("X-Correlation-ID")).isEqualTo("order-7.1");
        var made = cairn.send(cairn.request("/v1/status").header("X-Correlation-ID", "not one"));
        assertThat(made.header("X-Correlation-ID")).isNotEqualTo("not one").isNotBlank();
        cairn.send(cairn.request("/v1/streams/lead/corr/events")
                        .header("Content-Type", "application/json")
                        .header("X-Correlation-ID", "flow-1")
                        .POST(BodyPublishers.ofString(
                                "{\"expected\":\"any\",\"events\":[{\"type\":\"lead.seen\",\"payload\":{}}]}")))
                .has(201);
        assertThat(cairn.get("/v1/streams/lead/corr/events").text("/items/0/correlation_id"))
                .isEqualTo("flow-1");
    }

    @Test
    void whatIsNoHttpIsRefusedInTheSameForm() throws Exception {
        var head = "Host: localhost\r\nAuthorization: Bearer " + RunningCairn.KEY + "\r\nConnection: close\r\n";
        for (var request : new String[] {
            "GET /v1/conversations?limit=%zz HTTP/1.1\r\n" + head + "\r\n",
            "GET /v1/\u0001 HTTP/1.1\r\n" + head + "\r\n",
            "GET /v1/{x} HTTP/1.1\r\n" + head + "\r\n",
            "GET /v1/%zz HTTP/1.1\r\n" + head + "\r\n",
            "GET /v1/conversations/%00 HTTP/1.1\r\n" + head + "\r\n",
            "GET /v1/../../etc HTTP/1.1\r\n" + head + "\r\n",
            "GET /v1/./x//y HTTP/1.1\r\n" + head + "\r\n",
            "TRACE / HTTP/1.1\r\n" + head + "\r\n",
            "G\u0002T / HTTP/1.1\r\n" + head + "\r\n",
            "GET / HTTP/9.9\r\n" + head + "\r\n",
            "POST /v1/recall HTTP/1.1\r\n" + head + "Content-Length: -5\r\n\r\n",
            "POST /v1/recall HTTP/1.1\r\n" + head + "Transfer-Encoding: nonsense\r\n\r\n",
            "POST /v1/recall HTTP/1.1\r\n" + head
                    + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "POST /v1/recall HTTP/1.1\r\n" + head + "Content-Type: application/json\r\nContent-Length: 50\r\n\r\n{",
            "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"
        }) {
            var answer = RawHttp.answer(cairn.port(), request.getBytes(ISO_8859_1));
            assertThat(answer).as(request).matches("(?s)(HTTP/1.1 [45](?!00)\\d\\d|HTTP/1.1 400).*");
            assertThat(answer)
                    .as(request)
                    .contains("\"code\":\"")
                    .doesNotContain("HTTP/1.1 500", "Exception", "Tomcat");
        }
    }

    /// The container reads such a body by its chunks and drops the length before any code of ours sees the request, so
    /// it cannot be refused; it can smuggle nothing, since the connection ends behind it.
    @Test
    void behindABodyWithTwoLengthsTheConnectionEnds() throws Exception {
        var head = "Host: localhost\r\nAuthorization: Bearer " + RunningCairn.KEY + "\r\n";
        var smuggled = "GET /v1/status HTTP/1.1\r\n" + head + "\r\n";
        var answer = RawHttp.answer(
                cairn.port(),
                ("POST /v1/recall HTTP/1.1\r\n" + head
                                + "Content-Type: application/json\r\n"
                                + "Content-Length: 4\r\n"
                                + "Transfer-Encoding: chunked\r\n\r\n"
                                + "f\r\n"
                                + "{\"query\":\"all\"}\r\n"
                                + "0\r\n\r\n" + smuggled)
                        .getBytes(ISO_8859_1));
        assertThat(answer.split("HTTP/1\\.1 ", -1)).hasSize(2);
        assertThat(answer).containsIgnoringCase("connection: close");
    }

    @Test
    void whatNoRouteEverSeesIsAProblemToo() {
        cairn.send(cairn.request("/v1/status").method("TRACE", BodyPublishers.noBody()))
                .isProblem(405, "method_not_allowed");
    }

    @Test
    void aParameterThatARouteDoesNotKnowIsRefusedByName() {
        var refused = cairn.get("/v1/conversations?limt=2").isProblem(422, "invalid");
        assertThat(refused.text("/errors/0/field")).contains("limt");
        assertThat(refused.text("/errors/0/allowed")).isEqualTo("after, limit");
        cairn.get("/v1/documents/x?version=1").isProblem(422, "invalid");
        cairn.get("/v1/conversations?limit=2&after=a").has(200);
        cairn.get("/metrics?now=1").has(200);
    }
}
