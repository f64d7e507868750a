-- Ends a running job, if the lease still holds.
UPDATE jobs
SET state = @state, completed_at = @at, updated_at = @at, secret_payload = NULL,
    result_json = @result, progress = iif(@state = 'completed', 1.0, progress),
    error = @error, retry_classification = @classification,
    last_exit_code = @exitCode, last_stdout = @stdout, last_stderr = @stderr
WHERE id = @id AND state = 'running' AND claimed_by = @boot AND attempts = @attempt
