-- How many of a conversation's events are no messages that stand, and which event tells its title.
ALTER TABLE conversation ADD COLUMN unspoken INTEGER;
ALTER TABLE conversation ADD COLUMN described INTEGER;

-- Messages that were deleted one by one.
CREATE TABLE message_deletion (
    tenant       TEXT    NOT NULL,
    conversation TEXT    NOT NULL,
    sequence     INTEGER NOT NULL,
    position     INTEGER,
    deleted_at   INTEGER,
    PRIMARY KEY (tenant, conversation, sequence)
) WITHOUT ROWID;

-- Up to which version a document's id was another, deleted document's.
ALTER TABLE document ADD COLUMN deleted_version INTEGER;
