package io.cairn.aggregate;

/// The rules of one kind of aggregate, as pure functions: they ask nobody, and leave what they are given as it
/// was.
///
/// @param <C> commands: what somebody wants
/// @param <E> events: what happened
/// @param <S> what the events so far add up to
public interface Decider<C, E, S> {
    /// The kind of aggregate, which is the type of its streams; no two deciders share one.
    String name();

    /// Before anything has happened.
    S initial();

    /// What follows from a command: events, or a refusal.
    Decision<E> decide(C command, S state);

    /// The state after one more event. It refuses nothing: what happened has happened.
    S evolve(S state, E event);

    /// Goes up by one whenever [#evolve] or the state's form changes, so that snapshots of the former are left
    /// aside.
    default int stateVersion() {
        return 1;
    }
}
