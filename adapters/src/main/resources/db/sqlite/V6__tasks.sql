-- Tasks, with what does not change before what does: rows change in place.
CREATE TABLE task (
    tenant        TEXT    NOT NULL,
    id            TEXT    NOT NULL,
    type          TEXT,
    lane          TEXT,
    slot          INTEGER,
    task_key      TEXT,
    seq           INTEGER,
    priority      INTEGER,
    created_at    INTEGER,
    due_at        INTEGER,
    deadline_at   INTEGER,
    dedup         TEXT,
    correlation   TEXT,
    actor         TEXT,
    subject       TEXT,
    key_id        TEXT,
    payload       BLOB,
    state         TEXT,
    place         INTEGER,
    started       INTEGER,
    attempts      INTEGER,
    crashes       INTEGER,
    postponements INTEGER,
    replays       INTEGER,
    failed_since  INTEGER,
    ended_at      INTEGER,
    reason        TEXT,
    history       TEXT,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;

-- Tasks that a process has started.
CREATE TABLE task_claim (
    tenant TEXT    NOT NULL,
    slot   INTEGER NOT NULL,
    id     TEXT    NOT NULL,
    node   TEXT,
    tasks  TEXT,
    PRIMARY KEY (tenant, slot, id)
) WITHOUT ROWID;

-- Dead letters by type.
CREATE TABLE task_dead (
    tenant TEXT    NOT NULL,
    type   TEXT    NOT NULL,
    at     INTEGER NOT NULL,
    id     TEXT    NOT NULL,
    PRIMARY KEY (tenant, type, at, id)
) WITHOUT ROWID;

-- Deduplication keys of tasks that have not ended.
CREATE TABLE task_dedup (
    tenant TEXT NOT NULL,
    type   TEXT NOT NULL,
    dedup  TEXT NOT NULL,
    id     TEXT,
    PRIMARY KEY (tenant, type, dedup)
) WITHOUT ROWID;

-- What is asked of the holder of a slot.
CREATE TABLE task_inbox (
    tenant      TEXT    NOT NULL,
    slot        INTEGER NOT NULL,
    seq         INTEGER NOT NULL,
    id          TEXT    NOT NULL,
    what        TEXT,
    task        TEXT,
    actor       TEXT,
    correlation TEXT,
    PRIMARY KEY (tenant, slot, seq, id)
) WITHOUT ROWID;

-- Keys that are busy, with their heads.
CREATE TABLE task_key (
    tenant   TEXT NOT NULL,
    lane     TEXT NOT NULL,
    task_key TEXT NOT NULL,
    head     TEXT,
    PRIMARY KEY (tenant, lane, task_key)
) WITHOUT ROWID;

-- How far running tasks have come.
CREATE TABLE task_progress (
    tenant TEXT    NOT NULL,
    id     TEXT    NOT NULL,
    done   INTEGER,
    total  INTEGER,
    at     INTEGER,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;

-- Tasks behind the head of their key.
CREATE TABLE task_queue (
    tenant   TEXT    NOT NULL,
    lane     TEXT    NOT NULL,
    task_key TEXT    NOT NULL,
    seq      INTEGER NOT NULL,
    id       TEXT    NOT NULL,
    PRIMARY KEY (tenant, lane, task_key, seq, id)
) WITHOUT ROWID;

-- Tasks that may be started, and those that run; nothing else, so that those who look for work read no other rows.
CREATE TABLE task_ready (
    tenant TEXT    NOT NULL,
    lane   TEXT    NOT NULL,
    slot   INTEGER NOT NULL,
    place  INTEGER NOT NULL,
    id     TEXT    NOT NULL,
    PRIMARY KEY (tenant, lane, slot, place, id)
) WITHOUT ROWID;

-- What is to happen at a time.
CREATE TABLE task_timer (
    tenant TEXT    NOT NULL,
    slot   INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    id     TEXT    NOT NULL,
    what   TEXT,
    tasks  TEXT,
    PRIMARY KEY (tenant, slot, at, id)
) WITHOUT ROWID;

-- What is to be done again and again.
CREATE TABLE task_schedule (
    tenant      TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    cron        TEXT,
    zone        TEXT,
    catch_up    TEXT,
    type        TEXT,
    task_key    TEXT,
    subject     TEXT,
    key_id      TEXT,
    payload     BLOB,
    paused      INTEGER,
    created_at  INTEGER,
    actor       TEXT,
    correlation TEXT,
    PRIMARY KEY (tenant, name)
) WITHOUT ROWID;

-- Where schedules stand.
CREATE TABLE task_scheduled (
    tenant    TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    next_at   INTEGER,
    last_at   INTEGER,
    last_task TEXT,
    fired     INTEGER,
    skipped   INTEGER,
    PRIMARY KEY (tenant, name)
) WITHOUT ROWID;
