-- What models were used for, as sums that each node writes of its own.
CREATE TABLE model_usage (
    tenant       TEXT    NOT NULL,
    day          INTEGER NOT NULL,
    payer        TEXT    NOT NULL,
    model        TEXT    NOT NULL,
    node         TEXT    NOT NULL,
    calls        INTEGER,
    estimated    INTEGER,
    input        INTEGER,
    cached       INTEGER,
    output       INTEGER,
    cost         INTEGER,
    saved_texts  INTEGER,
    saved_tokens INTEGER,
    PRIMARY KEY (tenant, day, payer, model, node)
) WITHOUT ROWID;

-- What was used of budgets.
CREATE TABLE model_budget (
    tenant  TEXT NOT NULL,
    budget  TEXT NOT NULL,
    period  TEXT NOT NULL,
    payers  TEXT NOT NULL,
    version INTEGER,
    spent   INTEGER,
    PRIMARY KEY (tenant, budget, period, payers)
) WITHOUT ROWID;

-- What nodes have at hand of budgets.
CREATE TABLE model_budget_slice (
    tenant     TEXT NOT NULL,
    budget     TEXT NOT NULL,
    period     TEXT NOT NULL,
    payers     TEXT NOT NULL,
    node       TEXT NOT NULL,
    granted    INTEGER,
    spent      INTEGER,
    expires_at INTEGER,
    PRIMARY KEY (tenant, budget, period, payers, node)
) WITHOUT ROWID;
