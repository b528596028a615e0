package io.cairn.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.server.RunningCairn;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnknownTypesTest {
    @Test
    void aServerMayRefuseTypesThatNobodyRegistered(@TempDir Path data) {
        try (var cairn = RunningCairn.startCheaply(data, "--cairn.schemas.unknown-types=refuse")) {
            assertThat(cairn.post(
                                    "/v1/streams/lead/1/events",
                                    "{\"expected\":\"any\",\"events\":[{\"type\":\"lead.scored\",\"payload\":1}]}")
                            .isProblem(422, "schema_violated")
                            .text("/errors/0/code"))
                    .isEqualTo("type_unknown");
            cairn.post(
                            "/v1/conversations/c/messages",
                            "{\"messages\":[{\"id\":\"m\",\"role\":\"user\",\"content\":\"Cairn's own go in.\"}]}")
                    .has(201);
        }
    }
}
