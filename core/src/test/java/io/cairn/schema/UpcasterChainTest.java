package io.cairn.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.EventType;
import io.cairn.event.Reserved;
import io.cairn.event.UpcastException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class UpcasterChainTest {
    private static final EventType TYPE = new EventType("order.placed");

    @Test
    void aGapStopsTheStart() {
        assertThatThrownBy(() -> new DeclaredType(TYPE, 3, List.of(noting(1))))
                .isInstanceOf(BrokenUpcasterChainException.class)
                .hasMessage("The upcasters of order.placed have a gap: none leads from version 2 to 3, and version 3 is"
                        + " the newest");
        assertThatThrownBy(() -> new DeclaredType(TYPE, 3, List.of(new Upcaster(1, 3, json -> json))))
                .isInstanceOf(BrokenUpcasterChainException.class)
                .hasMessageContaining(
                        "have a gap: one leads from version 1 to 3; an upcaster leads to the next version, here 2");
    }

    @Test
    void aCycleStopsTheStart() {
        assertThatThrownBy(() -> new DeclaredType(TYPE, 2, List.of(noting(1), new Upcaster(2, 1, json -> json))))
                .isInstanceOf(BrokenUpcasterChainException.class)
                .hasMessageContaining("have a cycle: one leads from version 2 back to 1");
        assertThatThrownBy(() -> new DeclaredType(TYPE, 2, List.of(noting(1), new Upcaster(1, 1, json -> json))))
                .isInstanceOf(BrokenUpcasterChainException.class)
                .hasMessageContaining("have a cycle: one leads from version 1 back to 1");
    }

    @Test
    void aChoiceStopsTheStart() {
        assertThatThrownBy(() -> new DeclaredType(TYPE, 2, List.of(noting(1), noting(1))))
                .isInstanceOf(BrokenUpcasterChainException.class)
                .hasMessageContaining("two upcasters from version 1");
        assertThatThrownBy(() -> new DeclaredType(TYPE, 2, List.of(noting(1), noting(2))))
                .isInstanceOf(BrokenUpcasterChainException.class)
                .hasMessageContaining("from version 2 to 3, but has versions 1 to 2");
        assertThatThrownBy(() -> new EventSchemas(
                        JsonSchemas.trusting(),
                        List.of(DeclaredType.first(TYPE), DeclaredType.first(TYPE)),
                        Reserved.engine(),
                        SchemaSettings.defaults()))
                .isInstanceOf(BrokenUpcasterChainException.class)
                .hasMessageContaining("declared twice");
    }

    @Test
    void everyVersionPassesAllTheStepsBehindItInTheirOrder() {
        var shuffled = List.of(noting(3), noting(1), noting(4), noting(2));
        var chain = UpcasterChain.complete(TYPE, 5, shuffled);

        for (int version = 1; version <= 5; version++) {
            var upcast = chain.upcast(version, payload());
            assertThat(upcast.schemaVersion()).isEqualTo(5);
            assertThat(steps(upcast.payload()))
                    .containsExactlyElementsOf(
                            IntStream.range(version, 5).boxed().toList());
        }
    }

    @Test
    void aStepThatFailsNamesTheTypeAndItsVersions() {
        var chain = UpcasterChain.complete(TYPE, 3, List.of(noting(1), Upcaster.from(2, json -> {
            throw new IllegalStateException("no price");
        })));

        assertThatThrownBy(() -> chain.upcast(1, payload()))
                .isInstanceOf(UpcastException.class)
                .hasMessage("order.placed of version 2 cannot be read as version 3: java.lang.IllegalStateException: no"
                        + " price");
        assertThat(chain.upcast(3, payload()).payload()).isEqualTo(payload());
    }

    @Test
    void whatHasNoWayOnStaysWhereItIs() {
        var chain = UpcasterChain.start(TYPE).then(noting(1)).then(null).then(noting(3));

        assertThat(chain.upcast(1, payload()).schemaVersion()).isEqualTo(2);
        assertThat(chain.upcast(2, payload()).payload()).isEqualTo(payload());
        assertThat(chain.upcast(3, payload()).schemaVersion()).isEqualTo(4);
    }

    @Test
    void aVersionNewerThanAllIsLeftAsItIs() {
        assertThat(UpcasterChain.start(TYPE).upcast(7, payload()).schemaVersion())
                .isEqualTo(7);
    }

    private static ObjectNode payload() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static Upcaster noting(int from) {
        return Upcaster.from(from, json -> {
            var copy = (ObjectNode) json.deepCopy();
            copy.withArray("steps").add(from);
            return copy;
        });
    }

    private static List<Integer> steps(JsonNode payload) {
        var steps = new ArrayList<Integer>();
        payload.path("steps").valueStream().forEach(step -> steps.add(step.asInt()));
        return steps;
    }
}
