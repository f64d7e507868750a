-- Puts a running job back in line, if the lease still holds. @uncounted (0 or 1) attempts are given back.
UPDATE jobs
SET state = 'pending', run_after = @runAfter, updated_at = @at,
    attempts = attempts - @uncounted, claimed_by = NULL, claimed_at = NULL, started_at = NULL,
    error = @error, retry_classification = @classification,
    last_exit_code = @exitCode, last_stdout = @stdout, last_stderr = @stderr
WHERE id = @id AND state = 'running' AND claimed_by = @boot AND attempts = @attempt
