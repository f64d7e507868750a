using System.Globalization;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;

namespace Capyd.Wal;

/// <summary>Beside the receiver: keeps what it completes, and knows at any time how far it is. Does next to nothing while nothing is written.</summary>
internal sealed partial class SpoolTender(Spool spool, ReplicationSlot slot, PostgresCluster cluster, WalParts parts, ILogger logger)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan WantedStep = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);
    private readonly WalHeartbeat _heartbeat = new(cluster);
    private readonly WaitingSegments _waiting = new(spool.Directory, spool.Lineage.SegmentSize);
    private readonly Deadlines _deadlines = new(parts.Clock);
    private readonly RepeatedProblem _problems = new(parts.Clock);
    private SpoolLook? _seen;
    private string? _kept;
    private bool _goesOn;

    /// <summary>Until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await BeatAsync(cancellation);
            await LookAsync(cancellation);
            await parts.State.PauseAsync(_goesOn ? TimeSpan.Zero : parts.State.IsWanted ? WantedStep : Step, parts.Clock, cancellation);
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        var look = SpoolLook.At(spool.Directory, spool.Lineage.SegmentSize);
        var moved = look != _seen;
        _goesOn = false;
        if (look.Files != _kept && _deadlines.IsDue("keep"))
        {
            await KeepAsync(look, cancellation);
        }

        if (moved)
        {
            _seen = look.IsSettled(parts.Clock.GetUtcNow()) ? look : null;
            await ReadTailAsync(cancellation);
        }

        var wanted = parts.State.IsWanted;
        if ((moved || wanted || parts.State.IsBehind) && (wanted || _deadlines.IsDue("ask")))
        {
            _deadlines.Put("ask", AskEvery);
            await AskAsync(cancellation);
        }
    }

    /// <summary>What fails, as on a full disk, stays in the spool and is tried again.</summary>
    private async Task KeepAsync(SpoolLook look, CancellationToken cancellation)
    {
        try
        {
            if (parts.Patience.Waits(look.Whole))
            {
                _waiting.Release(look);
                return;
            }

            _waiting.Clear();
            _goesOn = !await spool.KeepAsync(cancellation);
            _kept = _goesOn ? _kept : look.Files;
            Clear();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or MetadataException)
        {
            _deadlines.Put("keep", RetryAfter);
            Note(e);
        }
    }

    private async Task ReadTailAsync(CancellationToken cancellation)
    {
        try
        {
            await spool.ReadTailAsync(cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or MetadataException or WalRejectedException)
        {
            _seen = null;
            Note(e);
        }
    }

    /// <summary>A server that does not answer is noticed by the receiver, too, which says so.</summary>
    private async Task AskAsync(CancellationToken cancellation)
    {
        var askedAt = parts.Clock.GetUtcNow();
        try
        {
            if (await slot.ReadAsync(cancellation) is { } state)
            {
                parts.State.Saw(state, askedAt);
            }
        }
        catch (PostgresFailedException e)
        {
            LogUnanswered(e.Message);
        }
    }

    private async Task BeatAsync(CancellationToken cancellation)
    {
        if (!parts.State.IsStreaming || !_deadlines.IsDue("beat"))
        {
            return;
        }

        _deadlines.Put("beat", BeatEvery);
        try
        {
            await _heartbeat.BeatAsync(cancellation);
        }
        catch (PostgresFailedException e)
        {
            LogUnanswered(e.Message);
        }
    }

    private void Clear()
    {
        if (parts.State.ArchiveProblem is not null)
        {
            parts.State.ArchiveProblem = null;
            _problems.Forget();
            LogKeepsAgain();
        }
    }

    private void Note(Exception problem)
    {
        if (_problems.Meet(problem) is { } times)
        {
            LogNotKept(problem.Message, times == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" (met {times} times since this was last said)"));
        }

        parts.State.ArchiveProblem = problem.Message;
    }

    [LoggerMessage(9020, LogLevel.Error, "WAL stays in the spool: {Problem}{Again}")]
    private partial void LogNotKept(string problem, string again);

    [LoggerMessage(9021, LogLevel.Information, "WAL goes into the repository again")]
    private partial void LogKeepsAgain();

    [LoggerMessage(9022, LogLevel.Debug, "the server could not be asked: {Problem}")]
    private partial void LogUnanswered(string problem);
}
