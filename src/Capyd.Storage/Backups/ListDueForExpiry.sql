-- Backups whose retention is over, oldest first.
-- The newest verified backup of a project stays, however old it is.
SELECT b.*
FROM backups AS b
WHERE b.state IN ('completed', 'failed')
  AND b.retention_days IS NOT NULL
  AND b.created_at + b.retention_days * 86400000 <= @now
  AND b.id IS NOT (
    SELECT last.id
    FROM backups AS last
    WHERE last.project_id = b.project_id
      AND last.state = 'completed'
      AND last.verification_state = 'verified'
    ORDER BY last.created_at DESC, last.rowid DESC
    LIMIT 1)
ORDER BY b.created_at, b.rowid
