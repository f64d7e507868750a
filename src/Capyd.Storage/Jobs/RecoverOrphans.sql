-- Puts back what an earlier start of the daemon was running when it stopped.
-- The interrupted attempt does not count; the crash does.
UPDATE jobs
SET state = 'pending', retry_classification = 'interrupted',
    error = 'The daemon stopped while this job was running.',
    crash_count = crash_count + 1, attempts = max(attempts - 1, 0), run_after = @now,
    claimed_by = NULL, claimed_at = NULL, started_at = NULL, updated_at = @now
WHERE state = 'running' AND claimed_by <> @boot
RETURNING *
