package io.cairn.server.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.server.RunningCairn;
import io.cairn.server.SharedCairn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/// No other class that shares the server rebuilds anything of it, since the generations are counted here.
@SharedCairn(understanding = true)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpsTest {
    private final RunningCairn cairn;

    OpsTest(RunningCairn cairn) {
        this.cairn = cairn;
        cairn.post(
                        "/v1/conversations/c/messages",
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"The tide turns at noon\"}]}")
                .has(201);
        cairn.post("/v1/documents", "{\"id\":\"d\",\"content\":\"A document about tides.\"}")
                .has(201);
        await().untilAsserted(() -> cairn.get("/health/ready").has(200));
        await().untilAsserted(() -> assertThat(cairn.get("/v1/status")
                        .json()
                        .at("/projections/1/events_behind")
                        .asLong())
                .isZero());
    }

    @Test
    void healthNamesEachComponentWithItsLatency() {
        var detailed = cairn.get("/health/detailed").has(200).json();
        assertThat(detailed.path("components")
                        .valueStream()
                        .map(part -> part.path("name").asString()))
                .contains("storage", "writer", "projection:lexical", "projection:dense");
        assertThat(detailed.at("/components/0/latency_ms").asDouble()).isPositive();
        assertThat(detailed.path("components")
                        .valueStream()
                        .filter(part -> part.at("/figures/passages").asLong() > 0)
                        .map(part -> part.path("name").asString()))
                .containsExactly("projection:lexical", "projection:dense");
        assertThat(detailed.has("uptime_ms")).isTrue();
    }

    @Test
    void statusCountsAndPlacesEverything() {
        var status = cairn.get("/v1/status").has(200).json();
        assertThat(status.at("/counts/conversations").asLong()).isEqualTo(1);
        assertThat(status.at("/counts/documents").asLong()).isEqualTo(1);
        assertThat(status.at("/counts/messages").asLong()).isEqualTo(1);
        assertThat(status.path("projections")
                        .valueStream()
                        .map(one -> one.path("name").asString()))
                .containsExactly("lexical", "dense");
        assertThat(status.at("/projections/0").has("lag_seconds")).isTrue();
    }

    @Test
    void metricsHaveTheNamesThatDashboardsRelyOn() {
        cairn.get("/v1/nothing");
        cairn.post("/v1/recall", "{\"query\":\"tide\"}").has(200);
        cairn.post("/v1/documents/batch", "{\"documents\":[{\"content\":\"Batch about moons\"}]}")
                .has(200);
        var metrics = cairn.get("/metrics").has(200).response().body();
        assertThat(metrics)
                .contains(
                        "http_requests_total{endpoint=\"/v1/conversations/{id}/messages\",method=\"POST\",status=\"201\"}",
                        "http_requests_total{endpoint=\"none\",method=\"GET\",status=\"404\"}",
                        "http_request_duration_seconds_bucket{",
                        "api_requests_total{",
                        "db_operations_total{operation=\"commit\",status=\"ok\"}",
                        "batch_processing_duration_seconds_count{",
                        "projection_lag_seconds{projection=\"lexical\"}",
                        "projection_lag_seconds{projection=\"dense\"}",
                        "events_total{type=\"message.added\"}",
                        "queue_depth{lane=\"writer\"}",
                        "embedding_requests_total{provider=\"onnx\"",
                        "embedding_duration_seconds_count{",
                        "embedding_cache_requests_total{",
                        "jvm_memory_used_bytes{",
                        "process_uptime_seconds");
    }

    @Test
    void aProjectionIsRebuiltOnRequestAndUnknownOnesAreNamed() {
        var started = cairn.post("/v1/projections/lexical/rebuild", "{}").has(202);
        assertThat(started.json().path("generation").asInt()).isEqualTo(2);
        await().untilAsserted(() -> {
            var lexical = cairn.get("/v1/projections").json().at("/items/0");
            assertThat(lexical.path("generation").asInt()).isEqualTo(2);
            assertThat(lexical.path("state").asString()).isEqualTo("running");
        });
        assertThat(cairn.post("/v1/projections/colour/rebuild", "{}")
                        .isProblem(404, "not_found")
                        .text("/detail"))
                .contains("lexical", "dense");
        assertThat(cairn.get("/v1/projections/lexical/parked")
                        .has(200)
                        .json()
                        .path("items")
                        .size())
                .isZero();
        assertThat(cairn.post("/v1/projections/lexical/parked/retry", "{}")
                        .has(200)
                        .json()
                        .path("retried")
                        .asInt())
                .isZero();
        cairn.post("/v1/projections/lexical/parked/skip", "{\"key\":\"thing/a\"}")
                .isProblem(404, "not_found");
        cairn.post("/v1/projections/lexical/parked/skip", "{}").isProblem(422, "invalid");
    }

    @Test
    void aProjectionGoesBackToTheGenerationBeforeIfThereIsOne() {
        cairn.post("/v1/projections/dense/rollback", "{}").isProblem(409, "no_way_back");
        cairn.post("/v1/projections/dense/rebuild", "{}").has(202);
        await().untilAsserted(
                        () -> assertThat(dense().path("generation").asInt()).isEqualTo(2));

        var started = cairn.post("/v1/projections/dense/rollback", "{}").has(202);

        assertThat(started.json().path("generation").asInt()).isEqualTo(1);
        await().untilAsserted(
                        () -> assertThat(dense().path("generation").asInt()).isEqualTo(1));
    }

    @Test
    void aProjectionThatCommitsWithTheEventsIsRebuiltInPlace() {
        assertThat(cairn.post("/v1/projections/conversations/rebuild", "{}")
                        .has(202)
                        .json()
                        .path("generation")
                        .asInt())
                .isEqualTo(2);
        await().untilAsserted(() -> {
            var conversations = cairn.get("/v1/projections").json().at("/items/2");
            assertThat(conversations.path("name").asString()).isEqualTo("conversations");
            assertThat(conversations.path("generation").asInt()).isEqualTo(2);
            assertThat(conversations.path("state").asString()).isEqualTo("running");
        });
        cairn.get("/v1/conversations/c").has(200);
        cairn.post("/v1/projections/documents/rollback", "{}").isProblem(404, "not_found");
    }

    private JsonNode dense() {
        return cairn.get("/v1/projections").json().at("/items/1");
    }
}
