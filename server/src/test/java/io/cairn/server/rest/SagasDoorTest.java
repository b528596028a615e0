package io.cairn.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.server.RunningCairn;
import io.cairn.server.SharedCairn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is refused; that sagas are listed shows in the example of leads.
@SharedCairn
class SagasDoorTest {
    private final RunningCairn cairn;

    SagasDoorTest(RunningCairn cairn) {
        this.cairn = cairn;
    }

    @Test
    void withoutSagasThereIsAnEmptyPage() {
        var page = cairn.get("/v1/sagas").has(200).json();

        assertThat(page.path("items").size()).isZero();
        assertThat(page.has("next")).isFalse();
        assertThat(cairn.get("/v1/sagas?correlation_id=a&type=b")
                        .has(200)
                        .json()
                        .path("items")
                        .size())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status=lost",
                "status=PENDING",
                "after=1",
                "after=1.x",
                "after=999999999999999999999.0198f3a0-0000-7000-8000-000000000000",
                "limit=0",
                "limit=many"
            })
    void whatIsNoFilterOrPlaceIsRefused(String query) {
        cairn.get("/v1/sagas?" + query).isProblem(422, "invalid");
    }

    @Test
    void aSagaThatIsNotThereIsNotFound() {
        cairn.get("/v1/sagas/0198f3a0-0000-7000-8000-000000000000").isProblem(404, "not_found");
        cairn.get("/v1/sagas/7").isProblem(422, "invalid");
    }
}
