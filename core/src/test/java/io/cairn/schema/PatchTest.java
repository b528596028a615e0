package io.cairn.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PatchTest {
    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "set /a 1            | {}                       | {\"a\":1}",
                "set /a 1            | {\"a\":{\"b\":2}}        | {\"a\":1}",
                "set /a/b null       | {\"a\":{}}               | {\"a\":{\"b\":null}}",
                "set /a/1/b 2        | {\"a\":[{},{\"b\":1}]}   | {\"a\":[{},{\"b\":2}]}",
                "default /a 0.5      | {}                       | {\"a\":0.5}",
                "default /a 0.5      | {\"a\":1}                | {\"a\":1}",
                "default /a 0.5      | {\"a\":null}             | {\"a\":null}",
                "default /a [1]      | {\"b\":1}                | {\"b\":1,\"a\":[1]}",
                "rename /a /b        | {\"a\":1}                | {\"b\":1}",
                "rename /a /b        | {}                       | {}",
                "rename /a /b/c      | {\"a\":1,\"b\":{}}       | {\"b\":{\"c\":1}}",
                "rename /b/c /c      | {\"b\":{\"c\":1}}        | {\"b\":{},\"c\":1}",
                "remove /a           | {\"a\":1,\"b\":2}        | {\"b\":2}",
                "remove /a           | {}                       | {}",
                "remove /a/b         | {\"a\":1}                | {\"a\":1}",
                "remove /x~1y~0z     | {\"x/y~z\":1}            | {}",
            })
    void aPatchChangesAPayload(String patch, String payload, String expected) {
        var before = json(payload);
        assertThat(new RegisteredUpcaster.Patches(List.of(patch(patch))).apply(before))
                .isEqualTo(json(expected));
        assertThat(before).isEqualTo(json(payload));
    }

    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "set /a/b 1      | {}                | set /a/b: there is no object at /a",
                "set /a/b 1      | {\"a\":1}         | set /a/b: there is no object at /a",
                "set /a/0 1      | {\"a\":[1]}       | set /a/0: there is no object at /a",
                "default /a 1    | [1]               | default /a: there is no object at the root",
                "default /a 1    | \"text\"          | default /a: there is no object at the root",
                "rename /a /b    | {\"a\":1,\"b\":2} | rename /a to /b: something is at /b already",
                "rename /a /b/c  | {\"a\":1}         | rename /a to /b/c: there is no object at /b",
                "remove /a/0     | {\"a\":[1]}       | remove /a/0: there is no object at /a",
            })
    void aPayloadThatIsInTheWayIsToldWithPatchAndPlace(String patch, String payload, String message) {
        assertThatThrownBy(() -> patch(patch).apply(json(payload)))
                .isInstanceOf(PatchException.class)
                .hasMessage(message);
    }

    @Test
    void whatIsNoOperationIsRefused() {
        refused("op is set, default, rename or remove; found move", "move", "/a", null, null);
        refused("op is set, default, rename or remove; found nothing", null, "/a", null, null);
        refused("path is a JSON pointer such as /lead/score; found nothing", "remove", null, null, null);
        refused("path is a JSON pointer such as /lead/score; found 'a'", "remove", "a", null, null);
        refused("path is a JSON pointer such as /lead/score; found ''", "remove", "", null, null);
        refused("set needs a value", "set", "/a", null, null);
        refused("default needs a value, and nothing else but a path", "default", "/a", "/b", json("1"));
        refused("from is a JSON pointer", "rename", "/a", null, null);
        refused("not at or below 'from'", "rename", "/a/b", "/a", null);
        refused("not at or below 'from'", "rename", "/a", "/a", null);
        refused("remove needs nothing but a path", "remove", "/a", null, json("1"));
    }

    @Test
    void anOperationIsDeclaredAsItWas() {
        for (var text : List.of("set /a {\"b\":[1]}", "default /a 0.50", "rename /a /b", "remove /a/b")) {
            var patch = patch(text);
            var json = patch.json();
            assertThat(Patch.of(
                            json.path("op").asString(),
                            json.path("path").asString(),
                            json.path("from").asStringOpt().orElse(null),
                            json.get("value")))
                    .isEqualTo(patch);
        }
    }

    private static void refused(
            String message,
            @Nullable String op,
            @Nullable String path,
            @Nullable String from,
            @Nullable JsonNode value) {
        assertThatThrownBy(() -> Patch.of(op, path, from, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private static Patch patch(String text) {
        var words = text.strip().split(" ", 3);
        return switch (words[0]) {
            case "rename" -> Patch.of("rename", words[2], words[1], null);
            case "remove" -> Patch.of("remove", words[1], null, null);
            default -> Patch.of(words[0], words[1], null, json(words[2]));
        };
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }
}
