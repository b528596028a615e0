package io.cairn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.client.wire.Wire;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What somebody sees who has just put everyday messages in six languages, with code and numbers, and a few documents
/// into Cairn as it comes, and asks 30 questions.
@Tag("quality")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FirstLookTest {
    /// Questions that do not get their answer first, and why.
    private static final Set<String> KNOWN_WRONG = Set.of(
            // What it corrects says the same in nearly the same words, and stands in front: see decision 28.
            "when is the on-call handover?",
            // Who asked stands before who answered, since the model that comes with Cairn reads English only.
            "Wer passt am Rosenmontag auf Emil auf?",
            // German compounds are not cut: Haselnüsse is not found by Nüsse, nor Zahnarzttermin by Zahnarzt.
            "Welche Nüsse darf Emil nicht essen?",
            "Wann ist der Termin beim Zahnarzt?");

    private RunningCairn cairn;
    private JsonNode look;

    @BeforeAll
    void tell(@TempDir Path data) throws IOException {
        cairn = RunningCairn.start(data);
        try (var in = Objects.requireNonNull(getClass().getResourceAsStream("first-look.json"))) {
            look = Wire.responses().readTree(in);
        }
        look.path("conversations").properties().forEach(conversation -> {
            var path = "/v1/conversations/%s/messages"
                    .formatted(URLEncoder.encode(conversation.getKey(), StandardCharsets.UTF_8));
            for (var message : conversation.getValue()) {
                var body = Map.of("messages", new Object[] {
                    Map.of(
                            "role", "user",
                            "speaker", message.path("speaker").asString(),
                            "content", message.path("text").asString())
                });
                assertThat(cairn.post(path, Wire.responses().writeValueAsString(body))
                                .status())
                        .isBetween(200, 201);
            }
        });
        look.path("documents")
                .properties()
                .forEach(document -> cairn.post(
                        "/v1/documents",
                        Wire.responses()
                                .writeValueAsString(Map.of(
                                        "id", document.getKey(),
                                        "content", document.getValue().asString(),
                                        "media_type", "text/markdown"))));
        await().atMost(Duration.ofMinutes(1))
                .until(() -> recall("handover").path("dense").asString().equals("complete"));
    }

    @AfterAll
    void stop() {
        cairn.close();
    }

    @Test
    void questionsGetTheirAnswersFirst() {
        var wrong = new ArrayList<String>();
        for (var question : look.path("questions")) {
            var asked = question.path("query").asString();
            if (!recall(asked)
                    .at("/hits/0/text")
                    .asString("")
                    .contains(question.path("answer").asString())) {
                wrong.add(asked);
            }
        }

        assertThat(look.path("questions")).hasSize(30);
        assertThat(KNOWN_WRONG).containsAll(wrong);
    }

    @Test
    void whatNobodyToldFitsNothing() {
        for (var stranger : look.path("strangers")) {
            assertThat(recall(stranger.asString()).path("fits").asBoolean(true))
                    .as(stranger.asString())
                    .isFalse();
        }
    }

    private JsonNode recall(String question) {
        return cairn.post("/v1/recall", Wire.responses().writeValueAsString(Map.of("query", question, "limit", 3)))
                .has(200)
                .json();
    }
}
