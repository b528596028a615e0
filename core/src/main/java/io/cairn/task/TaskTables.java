package io.cairn.task;

import static io.cairn.row.Table.Column.bytes;
import static io.cairn.row.Table.Column.number;
import static io.cairn.row.Table.Column.text;

import io.cairn.row.Table;
import io.cairn.row.Table.Kind;
import java.util.List;
import java.util.Set;

/// The tables of tasks. They are truth beside the log, but for the claims: what a process was doing when the log was
/// exported begins anew.
///
/// A task that has not ended stands in exactly one of the tables of [ready][#READY] ones, [timers][#TIMER], a key's
/// [queue][#QUEUE] or the [messages][#INBOX], so that a million tasks which are not ready cost nothing to those that
/// are.
final class TaskTables {
    static final Table TASK = new Table(
            "task",
            Kind.STATE,
            List.of(text("id")),
            List.of(
                    text("type"),
                    text("lane"),
                    number("slot"),
                    text("task_key"),
                    number("seq"),
                    number("priority"),
                    number("created_at"),
                    number("due_at"),
                    number("deadline_at"),
                    text("dedup"),
                    text("correlation"),
                    text("actor"),
                    text("subject"),
                    text("key_id"),
                    bytes("payload"),
                    text("state"),
                    number("place"),
                    number("started"),
                    number("attempts"),
                    number("crashes"),
                    number("postponements"),
                    number("replays"),
                    number("failed_since"),
                    number("ended_at"),
                    text("reason"),
                    text("history")));

    /// What does not change while a task lives.
    static final Set<String> FIXED = Set.of(
            "type",
            "lane",
            "slot",
            "task_key",
            "seq",
            "priority",
            "created_at",
            "due_at",
            "deadline_at",
            "dedup",
            "correlation",
            "actor",
            "subject",
            "key_id",
            "payload");

    /// Tasks that may be started, in the order in which they are. A task stays here while it runs.
    static final Table READY = new Table(
            "task_ready", Kind.STATE, List.of(text("lane"), number("slot"), number("place"), text("id")), List.of());

    /// What is to happen at a time: that tasks become ready, or that ended ones are removed.
    static final Table TIMER = new Table(
            "task_timer",
            Kind.STATE,
            List.of(number("slot"), number("at"), text("id")),
            List.of(text("what"), text("tasks")));

    /// Tasks behind the head of their key, in order.
    static final Table QUEUE = new Table(
            "task_queue", Kind.STATE, List.of(text("lane"), text("task_key"), number("seq"), text("id")), List.of());

    /// Keys that have a task which is ready, running, waiting for its time, or dead and holding the others.
    static final Table KEY =
            new Table("task_key", Kind.STATE, List.of(text("lane"), text("task_key")), List.of(text("head")));

    /// What is asked of whoever looks after a slot.
    static final Table INBOX = new Table(
            "task_inbox",
            Kind.STATE,
            List.of(number("slot"), number("seq"), text("id")),
            List.of(text("what"), text("task"), text("actor"), text("correlation")));

    /// Tasks that a process has started.
    static final Table CLAIM = new Table(
            "task_claim", Kind.DERIVED, List.of(number("slot"), text("id")), List.of(text("node"), text("tasks")));

    static final Table DEAD =
            new Table("task_dead", Kind.STATE, List.of(text("type"), number("at"), text("id")), List.of());

    static final Table DEDUP =
            new Table("task_dedup", Kind.STATE, List.of(text("type"), text("dedup")), List.of(text("id")));

    static final Table PROGRESS = new Table(
            "task_progress", Kind.DERIVED, List.of(text("id")), List.of(number("done"), number("total"), number("at")));

    /// What is to be done again and again, as whoever made the schedule says; doors write it.
    static final Table SCHEDULE = new Table(
            "task_schedule",
            Kind.STATE,
            List.of(text("name")),
            List.of(
                    text("cron"),
                    text("zone"),
                    text("catch_up"),
                    text("type"),
                    text("task_key"),
                    text("subject"),
                    text("key_id"),
                    bytes("payload"),
                    number("paused"),
                    number("created_at"),
                    text("actor"),
                    text("correlation")));

    /// Where a schedule stands; the holder of its slot writes it.
    static final Table SCHEDULED = new Table(
            "task_scheduled",
            Kind.STATE,
            List.of(text("name")),
            List.of(number("next_at"), number("last_at"), text("last_task"), number("fired"), number("skipped")));

    private TaskTables() {}

    static List<Table> all() {
        return List.of(CLAIM, DEAD, DEDUP, INBOX, KEY, PROGRESS, QUEUE, READY, SCHEDULE, SCHEDULED, TASK, TIMER);
    }
}
