using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Jobs;

/// <remarks>Every change of a running job is made under its lease, and throws
/// <see cref="LeaseLostException"/> when that does not hold any more.</remarks>
public static partial class JobStore
{
    private static readonly string EndSql = SqlText.Load("Jobs/EndJob.sql");
    private static readonly string RequeueSql = SqlText.Load("Jobs/RequeueJob.sql");

    /// <param name="progress">From 0 to 1, or null when nobody can tell.</param>
    public static void SaveProgress(
        MetadataTransaction transaction, JobLease lease, string? phase, double? progress, DateTimeOffset at) =>
        ChangeUnderLease(
            transaction,
            "UPDATE jobs SET phase = @phase, progress = @progress, updated_at = @at WHERE id = @id "
            + "AND state = 'running' AND claimed_by = @boot AND attempts = @attempt",
            lease,
            ("phase", phase),
            ("progress", progress),
            ("at", at));

    /// <summary>Remembers what the steps so far have achieved, for a run after a crash.</summary>
    public static void SaveCheckpoint(
        MetadataTransaction transaction, JobLease lease, string? json, DateTimeOffset at) => ChangeUnderLease(
            transaction,
            "UPDATE jobs SET checkpoint_json = @json, updated_at = @at WHERE id = @id "
            + "AND state = 'running' AND claimed_by = @boot AND attempts = @attempt",
            lease,
            ("json", json),
            ("at", at));

    public static void Complete(
        MetadataTransaction transaction, JobLease lease, string? resultJson, JobOutput output, DateTimeOffset at) =>
        ChangeUnderLease(
            transaction,
            EndSql,
            lease,
            [
                ("state", JobStates.Completed), ("result", resultJson), ("error", (string?)null),
                ("classification", (string?)null), ("at", at), .. Columns(output),
            ]);

    /// <summary>Ends the job for good.</summary>
    public static void Fail(
        MetadataTransaction transaction,
        JobLease lease,
        string error,
        string classification,
        JobOutput output,
        DateTimeOffset at) => ChangeUnderLease(
            transaction,
            EndSql,
            lease,
            [
                ("state", JobStates.Failed), ("result", (string?)null), ("error", error),
                ("classification", classification), ("at", at), .. Columns(output),
            ]);

    /// <summary>Puts the job back in line for a later attempt.</summary>
    /// <param name="countAttempt">False gives this attempt back.</param>
    public static void Requeue(
        MetadataTransaction transaction,
        JobLease lease,
        DateTimeOffset runAfter,
        string? error,
        string? classification,
        JobOutput output,
        bool countAttempt,
        DateTimeOffset at) => ChangeUnderLease(
            transaction,
            RequeueSql,
            lease,
            [
                ("runAfter", runAfter), ("error", error), ("classification", classification),
                ("uncounted", !countAttempt), ("at", at), .. Columns(output),
            ]);

    private static (string Name, SqlValue Value)[] Columns(JobOutput output) =>
        [("exitCode", output.ExitCode), ("stdout", output.Stdout), ("stderr", output.Stderr)];

    private static void ChangeUnderLease(
        MetadataTransaction transaction,
        string sql,
        JobLease lease,
        params ReadOnlySpan<(string Name, SqlValue Value)> values)
    {
        if (!transaction.ChangeOne(
            sql, [("id", lease.Job.ToString()), ("boot", lease.BootId), ("attempt", lease.Attempt), .. values]))
        {
            throw new LeaseLostException(lease);
        }
    }
}
