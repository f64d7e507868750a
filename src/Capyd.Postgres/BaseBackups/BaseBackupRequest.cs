namespace Capyd.Postgres.BaseBackups;

/// <summary>How to take a base backup and where it goes.</summary>
/// <param name="Label">Written into backup_label; for people.</param>
/// <param name="ConsumeMember">Called for each file, directory and link in the order in which the server sends them. It
/// may read the content; what it leaves is read past. A file's content is in whole pages as the server reads them.</param>
public sealed record BaseBackupRequest(string Label, Func<BaseBackupMember, Stream, CancellationToken, Task> ConsumeMember)
{
    /// <summary>Called once, before the first member.</summary>
    public Func<BaseBackupStart, CancellationToken, Task>? Started { get; init; }

    public Action<BaseBackupProgress>? Progress { get; init; }

    /// <summary>A checkpoint at once, which loads the disks, instead of one spread over checkpoint_completion_target.</summary>
    public bool FastCheckpoint { get; init; } = true;

    /// <summary>The most that the server sends, in kilobytes per second (32 to 1048576); null for as fast as it can.</summary>
    public int? MaxRateKilobytes { get; init; }

    public string ApplicationName { get; init; } = "capyd base backup";
}
