package io.cairn.aggregate;

import java.util.List;

/// A decider tried without a log: given events, when a command comes, then these events or a refusal.
public final class GivenWhenThen<C, E, S> {
    private final Decider<C, E, S> decider;
    private final S state;

    private GivenWhenThen(Decider<C, E, S> decider, S state) {
        this.decider = decider;
        this.state = state;
    }

    @SafeVarargs
    public static <C, E, S> GivenWhenThen<C, E, S> given(Decider<C, E, S> decider, E... events) {
        var state = decider.initial();
        for (var event : events) {
            state = decider.evolve(state, event);
        }
        return new GivenWhenThen<>(decider, state);
    }

    public Then<E> when(C command) {
        return new Then<>(decider.decide(command, state));
    }

    /// What was decided.
    public record Then<E>(Decision<E> decision) {
        @SafeVarargs
        public final void then(E... events) {
            expect(new Decision.Happens<>(List.of(events)));
        }

        public void thenNothing() {
            expect(new Decision.Happens<>(List.of()));
        }

        public void thenRefused(String reason) {
            expect(new Decision.Refused<>(reason));
        }

        private void expect(Decision<E> expected) {
            if (!decision.equals(expected)) {
                throw new AssertionError("Expected %s; decided was %s".formatted(expected, decision));
            }
        }
    }
}
