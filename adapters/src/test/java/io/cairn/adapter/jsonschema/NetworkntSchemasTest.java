package io.cairn.adapter.jsonschema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import io.cairn.event.ExactJson;
import io.cairn.schema.JsonSchema;
import io.cairn.schema.JsonSchemas;
import io.cairn.schema.JsonSchemas.Compiled;
import io.cairn.schema.Mismatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class NetworkntSchemasTest {
    private static final JsonSchemas SCHEMAS = new NetworkntSchemas();
    private static final Duration SOON = Duration.ofSeconds(5);

    record Case(String what, JsonNode schema, JsonNode value, boolean valid) {
        @Override
        public String toString() {
            return what;
        }
    }

    /// In the form of the JSON Schema project's own tests.
    static Stream<Case> cases() {
        try (var in = NetworkntSchemasTest.class.getResourceAsStream("cases.json")) {
            return ExactJson.mapper()
                    .readTree(in)
                    .valueStream()
                    .flatMap(group -> group.path("tests")
                            .valueStream()
                            .map(test -> new Case(
                                    group.path("description").asString() + ": "
                                            + test.path("description").asString(),
                                    group.path("schema"),
                                    test.path("data"),
                                    test.path("valid").asBoolean())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aValueIsJudgedAsTheDraftSays(Case one) {
        assertThat(ready(one.schema()).check(one.value(), 10))
                .satisfies(
                        faults -> assertThat(faults.isEmpty()).as("%s", faults).isEqualTo(one.valid()));
    }

    @Test
    void aFaultNamesItsPlaceWhatWasFoundAndWhatIsAllowed() {
        var schema = ready("""
                {"type":"object","required":["score","kind"],"additionalProperties":false,
                 "properties":{"score":{"type":"number","minimum":0},"kind":{"enum":["a","b"]},
                               "tags":{"items":{"type":"string"}}}}""");

        assertThat(schema.check(json("{\"score\":-1,\"tags\":[\"x\",2],\"a/b\":true}"), 10))
                .extracting(Mismatch::pointer, Mismatch::found, Mismatch::allowed)
                .containsExactlyInAnyOrder(
                        tuple("/score", "-1", "minimum 0"),
                        tuple("/kind", "nothing", "required [\"score\",\"kind\"]"),
                        tuple("/tags/1", "2", "type \"string\""),
                        tuple("/a~1b", "true", "additionalProperties false"));
        assertThat(schema.check(json("[]"), 10))
                .extracting(Mismatch::pointer, Mismatch::found, Mismatch::allowed)
                .containsExactly(tuple("", "[]", "type \"object\""));
    }

    @Test
    void onlySoManyFaultsAreNamedAndTheirTextIsShort() {
        var schema = ready("{\"items\":{\"type\":\"string\",\"maxLength\":3}}");
        var longText = "\"" + "x".repeat(10_000) + "\"";

        var faults = schema.check(json("[" + (longText + ",").repeat(500) + longText + "]"), 7);

        assertThat(faults).hasSize(7).allSatisfy(fault -> {
            assertThat(fault.detail()).hasSizeLessThan(300);
            assertThat(fault.found()).hasSizeLessThan(300);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5",
                "\"object\"",
                "null",
                "[]",
                "{\"type\":\"strin\"}",
                "{\"type\":5}",
                "{\"properties\":{\"a\":5}}",
                "{\"required\":\"a\"}",
                "{\"minimum\":\"0\"}",
                "{\"allOf\":[]}",
                "{\"multipleOf\":0}",
                "{\"$schema\":\"http://json-schema.org/draft-07/schema#\"}",
                "{\"properties\":{\"a\":{\"$id\":\"https://example.org/a\"}}}",
                "{\"$ref\":\"#/$defs/none\"}",
                "{\"$ref\":\"#none\"}",
                "{\"$ref\":\"#/$defs/a%25b\"}",
                "{\"$ref\":\"#/required\",\"required\":[\"a\"]}",
                "{\"$dynamicRef\":\"#a\"}",
                "{\"properties\":{\"a\":{\"pattern\":\"(\"}}}",
                "{\"pattern\":\"(?=a)b\"}",
                "{\"pattern\":\"(a)\\\\1\"}",
                "{\"pattern\":\"((x{100}){100}){100}\"}",
                "{\"patternProperties\":{\"(?!a)\":true}}"
            })
    void whatIsNoSchemaOrNotTakenIsRefused(String schema) {
        assertThat(SCHEMAS.compile(json(schema))).isInstanceOf(Compiled.Refused.class);
    }

    @Test
    void aRefusalNamesThePlaceInTheSchema() {
        assertThat(SCHEMAS.compile(json("{\"properties\":{\"a/b\":{\"pattern\":\"(?=a)b\"}}}")))
                .isInstanceOfSatisfying(Compiled.Refused.class, refused -> {
                    assertThat(refused.pointer()).isEqualTo("/properties/a~1b/pattern");
                    assertThat(refused.reason())
                            .contains("linear time", "(?=a)b")
                            .doesNotContain("java");
                });
    }

    /// A listener that nobody calls, however the reference is written and wherever it stands.
    @Test
    void nothingIsEverFetched() throws IOException {
        try (var listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var address = "http://127.0.0.1:" + listener.getLocalPort() + "/s.json";
            for (var schema : List.of(
                    "{\"$ref\":\"%s\"}",
                    "{\"properties\":{\"a\":{\"$ref\":\"%s#/x\"}}}",
                    "{\"$schema\":\"%s\"}",
                    "{\"$id\":\"%s\",\"$ref\":\"t.json\"}",
                    "{\"x\":{\"$ref\":\"%s\"},\"$ref\":\"#/x\"}",
                    "{\"$dynamicRef\":\"%s\"}",
                    "{\"$vocabulary\":{\"%s\":true}}")) {
                assertThat(SCHEMAS.compile(json(schema.formatted(address))))
                        .as(schema)
                        .isInstanceOf(Compiled.Refused.class);
            }
            ready("{\"const\":{\"$ref\":\"%s\"}}".formatted(address)).check(json("{}"), 1);
            ready("{\"$id\":\"%s\"}".formatted(address)).check(json("{}"), 1);
            for (var local :
                    List.of("file:///etc/passwd", "classpath:cases.json", "jar:file:/x.jar!/a", "other.json")) {
                assertThat(SCHEMAS.compile(json("{\"$ref\":\"" + local + "\"}")))
                        .isInstanceOf(Compiled.Refused.class);
            }
            listener.setSoTimeout(200);
            assertThat(catchThrowable(listener::accept)).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void twoSchemasOfOneNameDoNotMeet() {
        var first = ready("{\"$id\":\"https://example.org/s\",\"type\":\"string\"}");
        var second = ready("{\"$id\":\"https://example.org/s\",\"type\":\"number\"}");

        assertThat(first.check(json("\"a\""), 1)).isEmpty();
        assertThat(second.check(json("1"), 1)).isEmpty();
    }

    /// Each of these would take for ever, or the whole stack, in an engine that does what it is told.
    static Stream<Case> hostile() {
        var bomb = new StringBuilder("{\"$ref\":\"#/$defs/a0\",\"$defs\":{");
        for (int i = 0; i < 40; i++) {
            bomb.append("\"a%d\":{\"allOf\":[{\"$ref\":\"#/$defs/a%d\"},{\"$ref\":\"#/$defs/a%d\"}]},"
                    .formatted(i, i + 1, i + 1));
        }
        bomb.append("\"a40\":{\"type\":\"string\"}}}");
        var nested = "[".repeat(90) + "]".repeat(90);
        var texts = "\"" + "a".repeat(40_000) + "!\"";
        return Stream.of(
                hostile("a reference to itself", "{\"$ref\":\"#\"}", "1"),
                hostile(
                        "references in a circle",
                        "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},\"b\":{\"$ref\":\"#/$defs/a\"}}}",
                        "1"),
                hostile(
                        "a circle behind a property",
                        "{\"properties\":{\"a\":{\"$ref\":\"#/properties/a\"}}}",
                        "{\"a\":1}"),
                hostile("doubling at one place", bomb.toString(), "1"),
                hostile(
                        "doubling at each level",
                        "{\"items\":{\"allOf\":[{\"$ref\":\"#\"},{\"$ref\":\"#\"}]},\"type\":\"array\"}",
                        nested),
                hostile(
                        "doubling by choice",
                        "{\"anyOf\":[{\"items\":{\"$ref\":\"#\"}},{\"items\":{\"$ref\":\"#\"}}],\"type\":\"array\"}",
                        nested),
                hostile("backtracking", "{\"pattern\":\"^(a+)+$\"}", texts),
                hostile("backtracking over choices", "{\"pattern\":\"^(a|a)*$\"}", texts),
                hostile(
                        "backtracking over names",
                        "{\"patternProperties\":{\"^(a|aa)+$\":false}}",
                        "{" + texts + ":1}"),
                hostile("a quotient of a billion digits", "{\"multipleOf\":0.7}", "1e999999999"),
                hostile("a tiny divisor", "{\"multipleOf\":1e-99999999}", "1"),
                hostile("a whole number of a billion digits", "{\"type\":\"integer\",\"maximum\":5}", "1e999999999"),
                hostile("a number compared by its digits", "{\"enum\":[1]}", "1e999999999"),
                hostile("a number compared with one constant", "{\"const\":1}", "1e999999999"));
    }

    private static Case hostile(String what, String schema, String value) {
        return new Case(what, json(schema), json(value), false);
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void aHostileSchemaIsRefusedOrItsCheckEndsSoon(Case one) {
        long begun = System.nanoTime();
        if (SCHEMAS.compile(one.schema()) instanceof Compiled.Ready(var schema)) {
            schema.check(one.value(), 5);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SOON);
    }

    @Test
    void aNumberTooLargeToBeComparedIsRefusedAndNoFailure() {
        assertThat(ready("{\"type\":\"integer\",\"maximum\":5}").check(json("1e999999999"), 5))
                .isNotEmpty();
        assertThat(ready("{\"type\":\"integer\",\"maximum\":5}").check(json("99999999999999999999"), 5))
                .isNotEmpty();
    }

    @Test
    void manyItemsThatDifferAreComparedSoon() {
        var items = new StringBuilder("[0");
        for (int i = 1; i < 20_000; i++) {
            items.append(',').append(i);
        }
        long begun = System.nanoTime();

        assertThat(ready("{\"uniqueItems\":true}").check(json(items + "]"), 1)).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SOON);
    }

    private static JsonSchema ready(String schema) {
        return ready(json(schema));
    }

    private static JsonSchema ready(JsonNode schema) {
        var compiled = SCHEMAS.compile(schema);
        assertThat(compiled).isInstanceOf(Compiled.Ready.class);
        return ((Compiled.Ready) compiled).schema();
    }

    private static JsonNode json(String text) {
        return ExactJson.mapper().readTree(text);
    }
}
