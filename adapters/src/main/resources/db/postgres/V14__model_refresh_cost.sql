-- What a change of the model was thought to take, and what it has taken.
ALTER TABLE model_refresh ADD COLUMN tokens BIGINT;
ALTER TABLE model_refresh ADD COLUMN estimate TEXT COLLATE "C";
ALTER TABLE model_refresh ADD COLUMN estimate_only BIGINT;
