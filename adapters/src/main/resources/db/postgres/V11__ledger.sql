-- What models were used for, as sums that each node writes of its own.
CREATE TABLE model_usage (
    tenant       TEXT COLLATE "C" NOT NULL,
    day          BIGINT           NOT NULL,
    payer        TEXT COLLATE "C" NOT NULL,
    model        TEXT COLLATE "C" NOT NULL,
    node         TEXT COLLATE "C" NOT NULL,
    calls        BIGINT,
    estimated    BIGINT,
    input        BIGINT,
    cached       BIGINT,
    output       BIGINT,
    cost         BIGINT,
    saved_texts  BIGINT,
    saved_tokens BIGINT,
    PRIMARY KEY (tenant, day, payer, model, node)
);

-- What was used of budgets.
CREATE TABLE model_budget (
    tenant  TEXT COLLATE "C" NOT NULL,
    budget  TEXT COLLATE "C" NOT NULL,
    period  TEXT COLLATE "C" NOT NULL,
    payers  TEXT COLLATE "C" NOT NULL,
    version BIGINT,
    spent   BIGINT,
    PRIMARY KEY (tenant, budget, period, payers)
);

-- What nodes have at hand of budgets.
CREATE TABLE model_budget_slice (
    tenant     TEXT COLLATE "C" NOT NULL,
    budget     TEXT COLLATE "C" NOT NULL,
    period     TEXT COLLATE "C" NOT NULL,
    payers     TEXT COLLATE "C" NOT NULL,
    node       TEXT COLLATE "C" NOT NULL,
    granted    BIGINT,
    spent      BIGINT,
    expires_at BIGINT,
    PRIMARY KEY (tenant, budget, period, payers, node)
);
