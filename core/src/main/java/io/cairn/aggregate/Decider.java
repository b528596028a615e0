package io.cairn.aggregate;

/// The rules of one kind of aggregate, as pure functions: they use nothing but their arguments, and change none of
/// them.
///
/// @param <C> commands: what somebody wants
/// @param <E> events: what happened
/// @param <S> what the events so far add up to
public interface Decider<C, E, S> {
    /// The kind of aggregate, which is the type of its streams; no two deciders share one.
    String name();

    /// The state before anything has happened.
    S initial();

    /// What follows from a command: events, or a refusal.
    Decision<E> decide(C command, S state);

    /// The state after one more event. An event is never refused here, since it has happened.
    S evolve(S state, E event);

    /// The version of the state's form. Raise it whenever [#evolve] or the form changes: older snapshots are then
    /// left aside.
    default int stateVersion() {
        return 1;
    }
}
