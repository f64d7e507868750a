-- Starts the oldest job that may run now, and returns it.
-- Jobs of one resource run side by side only when all of them are shared. An older job that
-- waits for its resource is not overtaken by a younger one that could share it: otherwise a
-- stream of backups would keep a restore waiting for ever.
UPDATE jobs
SET state = 'running', claimed_by = @boot, claimed_at = @now, started_at = @now,
    attempts = attempts + 1, error = NULL, retry_classification = NULL,
    last_exit_code = NULL, last_stdout = NULL, last_stderr = NULL, updated_at = @now
WHERE id = (
  SELECT job.id
  FROM jobs AS job
  WHERE job.state = 'pending'
    AND job.run_after <= @now
    AND NOT EXISTS (
      SELECT 1
      FROM jobs AS other
      WHERE other.locked_resource = job.locked_resource
        AND other.id <> job.id
        AND (other.lock_mode = 'exclusive' OR job.lock_mode = 'exclusive')
        AND (other.state = 'running'
          OR (other.state = 'pending' AND other.run_after <= @now
            AND (other.created_at, other.rowid) < (job.created_at, job.rowid))))
  ORDER BY job.created_at, job.rowid
  LIMIT 1)
RETURNING *
