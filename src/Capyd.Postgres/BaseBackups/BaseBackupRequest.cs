namespace Capyd.Postgres.BaseBackups;

/// <summary>How to take a base backup and where it goes.</summary>
/// <param name="Label">Written into backup_label; for people.</param>
/// <param name="ConsumeMember">Called for each file, directory and link, a directory before what is in it. It may read the content; what
/// it leaves is read past. Where only what changed is read, several files come at the same time.</param>
public sealed record BaseBackupRequest(string Label, Func<BaseBackupMember, Stream, CancellationToken, Task> ConsumeMember)
{
    /// <summary>Called once, before the first member.</summary>
    public Func<BaseBackupStart, CancellationToken, Task>? Started { get; init; }

    public Action<BaseBackupProgress>? Progress { get; init; }

    /// <summary>A checkpoint at once, which loads the disks, instead of one spread over checkpoint_completion_target.</summary>
    public bool FastCheckpoint { get; init; } = true;

    /// <summary>The backup before, from which files that did not change are taken over unread; null reads everything.</summary>
    public IEarlierBaseBackup? Earlier { get; init; }

    /// <summary>Files that are read at the same time where only what changed is read.</summary>
    public int Readers { get; init; } = 2;

    /// <summary>Keeps the pace where only what changed is read.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The most that the server sends, in kilobytes per second (32 to 1048576); null for as fast as it can.</summary>
    public int? MaxRateKilobytes { get; init; }

    public string ApplicationName { get; init; } = "capyd base backup";
}
