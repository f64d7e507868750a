-- Whether a base backup read the whole server, or only files that had changed since the one before. Until now all were read whole.
ALTER TABLE base_backups ADD COLUMN reading TEXT CHECK (reading IN ('whole', 'changed'));
UPDATE base_backups SET reading = 'whole' WHERE state IN ('completed', 'deleting') OR stop_at IS NOT NULL;
