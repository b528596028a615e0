-- What a change of the model was thought to take, and what it has taken.
ALTER TABLE model_refresh ADD COLUMN tokens INTEGER;
ALTER TABLE model_refresh ADD COLUMN estimate TEXT;
ALTER TABLE model_refresh ADD COLUMN estimate_only INTEGER;
