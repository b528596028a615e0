-- Tasks, with what does not change before what does: rows change in place.
CREATE TABLE task (
    tenant        TEXT COLLATE "C" NOT NULL,
    id            TEXT COLLATE "C" NOT NULL,
    type          TEXT COLLATE "C",
    lane          TEXT COLLATE "C",
    slot          BIGINT,
    task_key      TEXT COLLATE "C",
    seq           BIGINT,
    priority      BIGINT,
    created_at    BIGINT,
    due_at        BIGINT,
    deadline_at   BIGINT,
    dedup         TEXT COLLATE "C",
    correlation   TEXT COLLATE "C",
    actor         TEXT COLLATE "C",
    subject       TEXT COLLATE "C",
    key_id        TEXT COLLATE "C",
    payload       BYTEA,
    state         TEXT COLLATE "C",
    place         BIGINT,
    started       BIGINT,
    attempts      BIGINT,
    crashes       BIGINT,
    postponements BIGINT,
    replays       BIGINT,
    failed_since  BIGINT,
    ended_at      BIGINT,
    reason        TEXT COLLATE "C",
    history       TEXT COLLATE "C",
    PRIMARY KEY (tenant, id)
) WITH (fillfactor = 70);

-- Tasks that a process has started.
CREATE TABLE task_claim (
    tenant TEXT COLLATE "C" NOT NULL,
    slot   BIGINT           NOT NULL,
    id     TEXT COLLATE "C" NOT NULL,
    node   TEXT COLLATE "C",
    tasks  TEXT COLLATE "C",
    PRIMARY KEY (tenant, slot, id)
);

-- Dead letters by type.
CREATE TABLE task_dead (
    tenant TEXT COLLATE "C" NOT NULL,
    type   TEXT COLLATE "C" NOT NULL,
    at     BIGINT           NOT NULL,
    id     TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, type, at, id)
);

-- Deduplication keys of tasks that have not ended.
CREATE TABLE task_dedup (
    tenant TEXT COLLATE "C" NOT NULL,
    type   TEXT COLLATE "C" NOT NULL,
    dedup  TEXT COLLATE "C" NOT NULL,
    id     TEXT COLLATE "C",
    PRIMARY KEY (tenant, type, dedup)
);

-- What is asked of the holder of a slot.
CREATE TABLE task_inbox (
    tenant      TEXT COLLATE "C" NOT NULL,
    slot        BIGINT           NOT NULL,
    seq         BIGINT           NOT NULL,
    id          TEXT COLLATE "C" NOT NULL,
    what        TEXT COLLATE "C",
    task        TEXT COLLATE "C",
    actor       TEXT COLLATE "C",
    correlation TEXT COLLATE "C",
    PRIMARY KEY (tenant, slot, seq, id)
);

-- Keys that are busy, with their heads.
CREATE TABLE task_key (
    tenant   TEXT COLLATE "C" NOT NULL,
    lane     TEXT COLLATE "C" NOT NULL,
    task_key TEXT COLLATE "C" NOT NULL,
    head     TEXT COLLATE "C",
    PRIMARY KEY (tenant, lane, task_key)
) WITH (fillfactor = 50);

-- How far running tasks have come.
CREATE TABLE task_progress (
    tenant TEXT COLLATE "C" NOT NULL,
    id     TEXT COLLATE "C" NOT NULL,
    done   BIGINT,
    total  BIGINT,
    at     BIGINT,
    PRIMARY KEY (tenant, id)
) WITH (fillfactor = 50);

-- Tasks behind the head of their key.
CREATE TABLE task_queue (
    tenant   TEXT COLLATE "C" NOT NULL,
    lane     TEXT COLLATE "C" NOT NULL,
    task_key TEXT COLLATE "C" NOT NULL,
    seq      BIGINT           NOT NULL,
    id       TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, lane, task_key, seq, id)
);

-- Tasks that may be started, and those that run; nothing else, so that those who look for work read no other rows.
CREATE TABLE task_ready (
    tenant TEXT COLLATE "C" NOT NULL,
    lane   TEXT COLLATE "C" NOT NULL,
    slot   BIGINT           NOT NULL,
    place  BIGINT           NOT NULL,
    id     TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, lane, slot, place, id)
);

-- What is to happen at a time.
CREATE TABLE task_timer (
    tenant TEXT COLLATE "C" NOT NULL,
    slot   BIGINT           NOT NULL,
    at     BIGINT           NOT NULL,
    id     TEXT COLLATE "C" NOT NULL,
    what   TEXT COLLATE "C",
    tasks  TEXT COLLATE "C",
    PRIMARY KEY (tenant, slot, at, id)
);

-- What is to be done again and again.
CREATE TABLE task_schedule (
    tenant      TEXT COLLATE "C" NOT NULL,
    name        TEXT COLLATE "C" NOT NULL,
    cron        TEXT COLLATE "C",
    zone        TEXT COLLATE "C",
    catch_up    TEXT COLLATE "C",
    type        TEXT COLLATE "C",
    task_key    TEXT COLLATE "C",
    subject     TEXT COLLATE "C",
    key_id      TEXT COLLATE "C",
    payload     BYTEA,
    paused      BIGINT,
    created_at  BIGINT,
    actor       TEXT COLLATE "C",
    correlation TEXT COLLATE "C",
    PRIMARY KEY (tenant, name)
);

-- Where schedules stand.
CREATE TABLE task_scheduled (
    tenant    TEXT COLLATE "C" NOT NULL,
    name      TEXT COLLATE "C" NOT NULL,
    next_at   BIGINT,
    last_at   BIGINT,
    last_task TEXT COLLATE "C",
    fired     BIGINT,
    skipped   BIGINT,
    PRIMARY KEY (tenant, name)
) WITH (fillfactor = 50);
