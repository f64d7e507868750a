-- Backups whose retention is over, oldest first.
-- The newest verified backup of a project stays, however old it is, and so does each that a restore point labels.
SELECT b.*
FROM backups AS b
WHERE b.state IN ('completed', 'failed')
  AND b.retention_days IS NOT NULL
  AND b.created_at + b.retention_days * 86400000 <= @now
  AND NOT EXISTS (SELECT 1 FROM restore_points AS r WHERE r.backup_id = b.id AND r.state = 'active')
  AND b.id IS NOT (
    SELECT last.id
    FROM backups AS last
    WHERE last.project_id = b.project_id
      AND last.state = 'completed'
      AND last.verification_state = 'verified'
    ORDER BY last.created_at DESC, last.rowid DESC
    LIMIT 1)
ORDER BY b.created_at, b.rowid
