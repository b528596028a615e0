package io.cairn.server.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.server.RunningCairn;
import io.cairn.testkit.ModelServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `docs/CHAT-MEMORY.md` shows is what happens.
class ChatMemoryDocumentedTest {
    private static final Pattern CALL = Pattern.compile("```sh\ncurl (.*?)\n```", Pattern.DOTALL);
    private static final Pattern ASKED = Pattern.compile("```text\n(.*?)\n```", Pattern.DOTALL);
    private static final Pattern HEADER = Pattern.compile("-H \"(X-[^:]+): ([^\"]+)\"");
    private static final Pattern BODY = Pattern.compile("-d '([^']+)'");
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z";

    @Test
    void theExampleDoesWhatItSays(@TempDir Path data) throws IOException {
        var page = Files.readString(Path.of("..", "docs", "CHAT-MEMORY.md"));
        var call = found(CALL, page);
        try (var models = ModelServer.start();
                var cairn = RunningCairn.start(
                        data,
                        "--cairn.models.providers.scripted.url=" + models.url() + "/v1",
                        "--cairn.models.chat.fast.provider=scripted")) {
            var position = cairn.post(
                            "/v1/conversations/plans/messages",
                            "{\"messages\":[{\"id\":\"m1\",\"role\":\"user\",\"content\":\"We sail to Naxos on"
                                    + " Friday.\"}]}")
                    .has(201)
                    .text("/position");
            cairn.post("/v1/recall", "{\"query\":\"x\",\"min_position\":\"%s\"}".formatted(position))
                    .has(200);

            var headers = HEADER.matcher(call)
                    .results()
                    .flatMap(header -> Stream.of(header.group(1), header.group(2)))
                    .toArray(String[]::new);
            var got = cairn.post("/openai/v1/chat/completions", found(BODY, call), headers)
                    .has(200);

            assertThat(got.header("X-Cairn-Memory")).isEqualTo("remembered");
            var asked = models.lastRequest().json().at("/messages/0/content").asString();
            assertThat(asked.replaceAll(TIME, "TIME"))
                    .isEqualTo(found(ASKED, page).replaceAll(TIME, "TIME"));
            assertThat(cairn.get("/v1/conversations/trip/messages")
                            .json()
                            .at("/items/0/content")
                            .asString())
                    .isEqualTo("When do we sail to Naxos?");
        }
    }

    private static String found(Pattern pattern, String text) {
        var matcher = pattern.matcher(text);
        assertThat(matcher.find()).as("%s in the page", pattern).isTrue();
        return matcher.group(1);
    }
}
