package io.cairn.client.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

class WireTest {
    @Test
    void aRequestWithAnUnknownFieldIsRefusedAndItsPathIsKnown() {
        assertThatThrownBy(
                        () -> request("{\"messages\":[{\"role\":\"user\",\"contents\":\"x\"}]}", AppendMessages.class))
                .isInstanceOfSatisfying(UnrecognizedPropertyException.class, refused -> {
                    assertThat(refused.getPropertyName()).isEqualTo("contents");
                    assertThat(refused.getPath().stream().map(step -> step.getPropertyName()))
                            .containsExactly("messages", null, "contents");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"messages\":[{\"content\":5}]}",
                "{\"messages\":[{\"content\":true}]}",
                "{\"messages\":[{\"content\":[\"x\"]}]}",
                "{\"messages\":[{\"metadata\":5}]}",
                "{\"messages\":{}}",
                "{\"messages\":[]} {}",
                "[]",
                "\"\"",
                "{\"messages\":[{\"at\":1700000000}]}",
                "{\"messages\":[{\"at\":\"\"}]}",
                "{\"messages\":[{\"at\":\"1700000000\"}]}",
                "{\"messages\":[{\"at\":\"2026-03-01\"}]}",
                "{\"messages\":[{\"at\":\"2026-03-01T12:30:00\"}]}",
                "{\"messages\":[{\"at\":\"+12026-03-01T12:30:00Z\"}]}",
            })
    void aRequestWithAValueOfAnotherTypeIsRefused(String json) {
        assertThatThrownBy(() -> request(json, AppendMessages.class)).isInstanceOf(DatabindException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"limit\":\"5\"}",
                "{\"limit\":5.5}",
                "{\"limit\":99999999999}",
                "{\"explain\":1}",
                "{\"filters\":{\"tags_any\":\"x\"}}",
                "{\"filters\":{\"kinds\":[5]}}",
            })
    void aRecallWithAValueOfAnotherTypeIsRefused(String json) {
        assertThatThrownBy(() -> request(json, RecallRequest.class)).isInstanceOf(JacksonException.class);
    }

    @Test
    void aTimeMayHaveAnyZoneAndIsWrittenInUtc() {
        var message = request("{\"role\":\"user\",\"at\":\"2026-03-01T12:30:00+02:00\"}", NewMessage.class);

        assertThat(message.at()).isEqualTo(Instant.parse("2026-03-01T10:30:00Z"));
        assertThat(Wire.requests().writeValueAsString(message))
                .isEqualTo("{\"role\":\"user\",\"at\":\"2026-03-01T10:30:00Z\"}");
    }

    @Test
    void whatIsAbsentIsNotWritten() {
        assertThat(Wire.responses().writeValueAsString(RecallRequest.of("tea").withFilters(RecallFilters.none())))
                .isEqualTo("{\"query\":\"tea\",\"filters\":{}}");
    }

    @Test
    void aProjectionThatNeverRanSaysSoWithAnExplicitNull() {
        var never = new ProjectionStatus("dense", null, -1, null, true, null, null, null, null, null, null);

        assertThat(Wire.requests().writeValueAsString(never))
                .isEqualTo("{\"name\":\"dense\",\"events_behind\":-1,\"lag_seconds\":null,\"stale\":true}");
    }

    @Test
    void aPayloadKeepsAllDigitsOfItsNumbers() {
        String json =
                "{\"expected\":\"any\",\"events\":[{\"type\":\"t\",\"payload\":{\"a\":1.10,\"b\":0.12345678901234567890123}}]}";

        assertThat(Wire.requests().writeValueAsString(request(json, AppendEvents.class)))
                .isEqualTo(json);
    }

    @Test
    void aResponseMayHaveFieldsAndValuesThatThisClientDoesNotKnow() {
        var answer = response("""
            {"hits":[{"id":"1","kind":"row","text":"t","score":0.5,"citation":{"table":"x"},"mood":"good"}],
             "position":"p","shards":3}\
            """, RecallAnswer.class);

        assertThat(answer.hits())
                .singleElement()
                .satisfies(hit -> assertThat(hit.kind()).isEqualTo(new HitKind("row")));
    }

    @Test
    void recordsKeepACopyOfTheirCollections() {
        var messages = new ArrayList<>(List.of(NewMessage.of("user", "x")));
        var metadata = new HashMap<String, @Nullable Object>(Map.of("a", 1));
        var request = new AppendMessages(messages);
        var message = new NewMessage(null, "user", null, "x", null, metadata, null);

        messages.clear();
        metadata.clear();

        assertThat(request.messages()).hasSize(1);
        assertThat(message.metadata()).containsEntry("a", 1);
        assertThatThrownBy(() -> request.messages().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void nullsInsideAListReachTheServerThatNamesThem() {
        assertThat(request("{\"messages\":[null]}", AppendMessages.class).messages())
                .isEqualTo(Arrays.asList((Object) null));
    }

    @Test
    void pagesAreReadWithTheirItems() {
        Page<AppendedMessage> page = Wire.responses()
                .readValue("{\"items\":[{\"id\":\"a\",\"sequence\":1}],\"next\":\"n\"}", new TypeReference<>() {});

        assertThat(page.items()).containsExactly(new AppendedMessage("a", 1));
        assertThat(page.next()).isEqualTo("n");
    }

    /// The first form of everything, as 0.1.0 writes and reads it. A record may grow; these lines stay.
    @Test
    void theFirstFormOfEachRecordIsStillRead() {
        assertThat(request("{\"messages\":[{\"role\":\"user\",\"content\":\"c\"}]}", AppendMessages.class)
                        .messages())
                .containsExactly(NewMessage.of("user", "c"));
        assertThat(request("{\"documents\":[{\"content\":\"c\"}]}", DocumentBatch.class)
                        .documents()
                        .getFirst()
                        .tags())
                .isEmpty();
        assertThat(request("{\"query\":\"q\"}", RecallRequest.class)).isEqualTo(RecallRequest.of("q"));
        assertThat(response("{\"position\":\"p\",\"messages\":[{\"id\":\"m\",\"sequence\":1}]}", AppendedMessages.class)
                        .messages())
                .containsExactly(new AppendedMessage("m", 1));
        assertThat(response(
                        "{\"id\":\"d\",\"version\":1,\"position\":\"p\",\"status\":\"created\"}", StoredDocument.class))
                .isEqualTo(new StoredDocument("d", 1, "p", DocumentStatus.CREATED, List.of()));
        assertThat(response("""
            {"position":"p","results":[{"index":0,"id":"d","version":2,"status":"updated"},
            {"index":1,"status":"rejected","error":{"code":"too_large","detail":"30 MiB"}}]}\
            """, DocumentBatchAnswer.class)).satisfies(answer -> {
            assertThat(answer.results().getFirst().status()).isEqualTo(DocumentStatus.UPDATED);
            assertThat(answer.results().getLast().error())
                    .isEqualTo(new ProblemItem(null, null, "too_large", "30 MiB", null, null));
        });
        assertThat(response("""
            {"hits":[{"id":"h","kind":"message","text":"t","score":1.5,"at":"2026-03-01T12:30:00Z",
            "citation":{"conversation_id":"c","message_id":"m","start":0,"end":1}}],
            "position":"p","stale":true,"took_ms":3}\
            """, RecallAnswer.class)).satisfies(answer -> {
            assertThat(answer.stale()).isTrue();
            assertThat(answer.hits().getFirst().citation()).isEqualTo(Citation.ofMessage("c", "m", 0, 1));
        });
        assertThat(response("{\"position\":\"p\",\"version\":7}", AppendedEvents.class))
                .isEqualTo(new AppendedEvents("p", 7));
        assertThat(response(
                                "{\"title\":\"Conflict\",\"status\":409,\"code\":\"conflict\",\"actual_version\":3}",
                                ProblemDetails.class)
                        .actualVersion())
                .isEqualTo(3);
        assertThat(response("{\"version\":\"0.1.0\",\"position\":\"p\"}", Status.class)
                        .projections())
                .isEmpty();
        assertThat(response("{\"kind\":\"end\",\"lines\":3}", ExportLine.class).isEnd())
                .isTrue();
    }

    private static <T> T request(String json, Class<T> type) {
        return Wire.requests().readValue(json, type);
    }

    private static <T> T response(String json, Class<T> type) {
        return Wire.responses().readValue(json, type);
    }
}
