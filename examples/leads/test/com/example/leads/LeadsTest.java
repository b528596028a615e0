package com.example.leads;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.bus.Interest;
import io.cairn.saga.SagaStatus;
import io.cairn.task.DeadLetters;
import io.cairn.tenant.Tenant;
import io.cairn.testkit.Crash;
import io.cairn.testkit.InMemoryCairn;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The sagas and the board, in memory.
public class LeadsTest {
    /// Agents that die or fail when the test wants it.
    private static final class Scripted implements Agents {
        final Map<String, String> reserved = new HashMap<>();
        int crashes;
        int failures;

        @Override
        public String reserve(String key, String lead) {
            reserved.put(key, "Ines");
            if (crashes-- > 0) {
                throw new Crash();
            }
            return "Ines";
        }

        @Override
        public boolean hasReserved(String key) {
            return reserved.containsKey(key);
        }

        @Override
        public void release(String key) {
            if (failures-- > 0) {
                throw new IllegalStateException("the agents' system is away");
            }
            reserved.remove(key);
        }

        @Override
        public void introduce(String key, String agent, String classification) throws NoTimeException {
            if (classification.equals("cold")) {
                throw new NoTimeException(classification);
            }
        }
    }

    private final Scripted agents = new Scripted();

    private InMemoryCairn cairn() {
        return InMemoryCairn.builder()
                .projections(new LeadBoard())
                .sagas(ScoreLead.saga(), AssignLead.saga(agents))
                .open();
    }

    private static void receive(InMemoryCairn cairn, int budget) {
        cairn.event("lead/7", "lead.received", """
                {"type": "lead.received", "data": {"id": "7", "budget": %d, "channel": "web"}}""".formatted(budget));
    }

    private static void pass(InMemoryCairn cairn, int minutes, int times) {
        for (int i = 0; i < times; i++) {
            cairn.runUntilIdle().clock().pass(Duration.ofMinutes(minutes));
        }
        cairn.runUntilIdle();
    }

    private static String status(InMemoryCairn cairn) {
        return cairn.rows(LeadBoard.TABLE).getFirst().text("status");
    }

    @Test
    public void aLeadIsAssignedThoughTheProcessDiesTwiceWhileAnAgentIsReserved() {
        agents.crashes = 2;
        try (var cairn = cairn()) {
            receive(cairn, 9000);
            pass(cairn, 1, 3);

            assertThat(cairn.crashes()).isEqualTo(2);
            assertThat(status(cairn)).isEqualTo("assigned");
            assertThat(agents.reserved).hasSize(1);
            assertThat(cairn.captured(Interest.exactly("lead.assigned"))).hasSize(1);
        }
    }

    @Test
    public void anAgentWhoCannotBeFreedWaitsAsADeadLetterUntilItIsReplayed() {
        agents.failures = Integer.MAX_VALUE;
        try (var cairn = cairn()) {
            receive(cairn, 100);
            pass(cairn, 15, 60);
            var letters = cairn.deadLetters().list(Tenant.DEFAULT, DeadLetters.Filter.all(), null, 10);
            assertThat(letters)
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.task().type()).isEqualTo("saga.assign-lead.reserve.undo"));
            assertThat(agents.reserved).hasSize(1);

            agents.failures = 0;
            cairn.deadLetters().replay(InMemoryCairn.CONTEXT, DeadLetters.Filter.all(), 10);
            pass(cairn, 1, 1);

            assertThat(agents.reserved).isEmpty();
            assertThat(status(cairn)).isEqualTo("declined");
            assertThat(cairn.sagas()
                            .find(Tenant.DEFAULT, "assign-lead", "7")
                            .orElseThrow()
                            .status())
                    .isEqualTo(SagaStatus.FAILED);
        }
    }
}
