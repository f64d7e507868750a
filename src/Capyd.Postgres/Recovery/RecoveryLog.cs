using System.Globalization;
using System.Text.RegularExpressions;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Recovery;

/// <summary>Reads what a recovering server says, in the words of PostgreSQL 13 to 18 (lc_messages = C).</summary>
internal sealed partial class RecoveryLog(Action<RecoveryProgress>? report)
{
    private static readonly (string Words, RecoveryFailureKind Kind)[] Kinds =
    [
        ("recovery ended before configured recovery target was reached", RecoveryFailureKind.TargetNotReached),
        ("is before consistent recovery point", RecoveryFailureKind.TargetBeforeConsistency),
        ("WAL ends before", RecoveryFailureKind.BackupIncomplete),
        ("references to invalid pages", RecoveryFailureKind.InvalidPages),
        ("could not restore file", RecoveryFailureKind.ArchiveUnreadable),
        ("recovery target timeline", RecoveryFailureKind.WrongTimeline),
        ("requested timeline", RecoveryFailureKind.WrongTimeline),
        ("valid checkpoint record", RecoveryFailureKind.CheckpointMissing),
        ("required checkpoint record", RecoveryFailureKind.CheckpointMissing),
        ("No space left on device", RecoveryFailureKind.DiskSpace),
    ];

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _fetched;
    private bool _consistent;

    /// <summary>The server takes logins.</summary>
    public Task Ready => _ready.Task;

    public Lsn? LastRecord { get; private set; }

    public DateTimeOffset? LastCommitAt { get; private set; }

    public string? StoppedBecause { get; private set; }

    /// <summary>The first FATAL or PANIC line, which is the cause of those after it.</summary>
    public string? Fatal { get; private set; }

    /// <summary>What restore_command said last.</summary>
    public string? Foreign { get; private set; }

    public RecoveryFailureKind Kind =>
        Fatal is null ? RecoveryFailureKind.Other
        : Kinds.FirstOrDefault(k => Fatal.Contains(k.Words, StringComparison.Ordinal), (Words: "", Kind: RecoveryFailureKind.Other)).Kind;

    /// <returns>True for lines that are not worth keeping, of which there can be thousands.</returns>
    public bool Take(string line)
    {
        if (ServerLine().Match(line) is not { Success: true } match)
        {
            Foreign = line;
            return false;
        }

        var text = match.Groups["text"].Value;
        switch (match.Groups["level"].Value)
        {
            case "LOG":
                return Note(text);
            case "FATAL" or "PANIC" when !text.Contains("the database system is", StringComparison.Ordinal):
                Fatal ??= text;
                return false;
            case "WARNING" or "CONTEXT":
                return true;
            default:
                return false;
        }
    }

    private bool Note(string text)
    {
        if (Fetched().Match(text) is { Success: true } fetched)
        {
            report?.Invoke(new RecoveryProgress(fetched.Groups[1].Value, ++_fetched, _consistent));
            return true;
        }

        if (text.StartsWith("recovery stopping ", StringComparison.Ordinal))
        {
            StoppedBecause = text;
        }
        else if (RedoDone().Match(text) is { Success: true } done)
        {
            LastRecord = Lsn.Parse(done.Groups[1].Value);
        }
        else if (LastCommit().Match(text) is { Success: true } commit)
        {
            LastCommitAt = DateTimeOffset.Parse(commit.Groups[1].ValueSpan, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        }
        else if (text.StartsWith("consistent recovery state reached", StringComparison.Ordinal))
        {
            _consistent = true;
        }
        else if (text.StartsWith("database system is ready to accept connections", StringComparison.Ordinal))
        {
            _ready.TrySetResult();
        }

        return false;
    }

    [GeneratedRegex(@"^capyd (?<level>[A-Z0-9]+):  (?<text>.*)$")]
    private static partial Regex ServerLine();

    [GeneratedRegex("^restored log file \"([^\"]+)\" from archive")]
    private static partial Regex Fetched();

    [GeneratedRegex("^redo done at ([0-9A-F]+/[0-9A-F]+)")]
    private static partial Regex RedoDone();

    [GeneratedRegex(@"^last completed transaction was at log time ([0-9-]+ [0-9:.]+\+00)")]
    private static partial Regex LastCommit();
}
