-- How many of a conversation's events are no messages that stand, and which event tells its title.
ALTER TABLE conversation ADD COLUMN unspoken BIGINT, ADD COLUMN described BIGINT;

-- Messages that were deleted one by one.
CREATE TABLE message_deletion (
    tenant       TEXT COLLATE "C" NOT NULL,
    conversation TEXT COLLATE "C" NOT NULL,
    sequence     BIGINT           NOT NULL,
    position     BIGINT,
    deleted_at   BIGINT,
    PRIMARY KEY (tenant, conversation, sequence)
);

-- Up to which version a document's id was another, deleted document's.
ALTER TABLE document ADD COLUMN deleted_version BIGINT;
