-- What a version of a document says is read from its event, where it is sealed.
UPDATE document SET detail = NULL WHERE detail IS NOT NULL;

-- Why a stream was put aside may quote what its event holds.
UPDATE parked SET error = 'A former release kept the reason in clear; retry the stream to see it again';
