using Capyd.Cluster;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Postgres.Wal.Commits;

namespace Capyd.Wal;

/// <summary>What is known of the stream at this moment. Nothing here throws or waits, except to wait for a position.</summary>
internal sealed class WalState(CapydOptions options) : IComponentStatus
{
    private const string NotBegun = "it has not begun yet";
    private readonly Lock _gate = new();
    private readonly Queue<(Lsn Position, DateTimeOffset At)> _ahead = new();
    private TaskCompletionSource _moved = NewSource();
    private TaskCompletionSource _wanted = NewSource();
    private int _waiting;
    private volatile bool _receiving;

    /// <summary>Whether WAL is to be followed at all, by configuration and by what the server can.</summary>
    public bool Enabled { get; private set; } = options.Pitr.Enabled != "false";

    /// <summary>Why nothing is streamed now; null while all is well.</summary>
    public string? Problem { get; private set; } = options.Pitr.Enabled == "false" ? "it is switched off (pitr.enabled)" : NotBegun;

    /// <summary>What stands in the way of keeping what is streamed; null while nothing does.</summary>
    public string? ArchiveProblem { get; set; }

    public WalLineage? Lineage { get; private set; }

    /// <summary>The timeline that the newest WAL here is of.</summary>
    public TimelineId? Timeline { get; private set; }

    public SlotState? Slot { get; private set; }

    /// <summary>Up to here everything is durable in the spool or the repository.</summary>
    public Lsn? ReceivedTo { get; private set; }

    /// <summary>The newest commit that is durable here, that of the unfinished segment included.</summary>
    public TransactionEnd? LastCommit { get; private set; }

    /// <summary>How far the segment that is being written was read last; null when none was.</summary>
    public GrowingTail? Tail { get; set; }

    /// <summary>When everything that the server had flushed was here; what was committed until then is safe.</summary>
    public DateTimeOffset? CaughtUpAt { get; private set; }

    public WalPressure Pressure { get; set; }

    /// <summary>Null while the guardian does not see the server's disk.</summary>
    public WalRoom? Room { get; set; }

    public WalDisks? Disks { get; set; }

    /// <summary>Gaps after which no base backup was taken yet.</summary>
    public int OpenGaps { get; set; }

    public bool IsStreaming => Enabled && Problem is null;

    /// <summary>Whether the server has flushed something that is not here yet, as far as it was asked.</summary>
    public bool IsBehind
    {
        get
        {
            lock (_gate)
            {
                return !IsStreaming || _ahead.Count > 0;
            }
        }
    }

    public bool IsWanted => Volatile.Read(ref _waiting) > 0;

    public ComponentBody? Component => options.Pitr.Enabled == "false" ? null : new ComponentBody("WAL archive", Word, Message);

    private string Word => !Enabled ? "off"
        : Problem == NotBegun ? "starting"
        : Problem is not null ? options.Pitr.Enabled == "true" || Pressure == WalPressure.GivenUp ? "down" : "degraded"
        : ArchiveProblem is not null || OpenGaps > 0 || Pressure != WalPressure.None ? "degraded" : "operational";

    private string? Message => Problem ?? ArchiveProblem
        ?? (Pressure != WalPressure.None ? "the WAL that the server keeps for capyd takes up its disk"
            : OpenGaps > 0 ? "there is a gap in the kept WAL; the next base backup heals it" : null);

    /// <summary>Returns when everything up to a position is here. Wakes whoever looks for it.</summary>
    public Task WaitForAsync(Lsn position, CancellationToken cancellation) => WaitAsync(() => ReceivedTo >= position, cancellation);

    /// <summary>Returns when WAL arrives and the server was seen to send it.</summary>
    public Task WaitUntilStreamingAsync(CancellationToken cancellation) => WaitAsync(() => IsStreaming && ReceivedTo is not null, cancellation);

    /// <summary>Returns when a commit behind a position was read here.</summary>
    public Task WaitForCommitAsync(Lsn position, CancellationToken cancellation) => WaitAsync(() => LastCommit?.Lsn >= position, cancellation);

    private async Task WaitAsync(Func<bool> fact, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            while (NextMove(fact) is { } move)
            {
                await move.WaitAsync(cancellation);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>While this waits for something to be kept, the spool is looked at as often as for a position.</summary>
    public async Task HurryAsync(Func<Task> waits)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            lock (_gate)
            {
                _wanted.TrySetResult();
            }

            await waits();
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Ends after the time, or at once when somebody waits for a position.</summary>
    public async Task PauseAsync(TimeSpan time, TimeProvider clock, CancellationToken cancellation)
    {
        var wanted = Volatile.Read(ref _wanted);
        await wanted.Task.WaitAsync(time, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        if (wanted.Task.IsCompleted)
        {
            Interlocked.CompareExchange(ref _wanted, NewSource(), wanted);
        }
    }

    /// <summary>It cannot be done here, and that is no fault: the server lacks what it needs.</summary>
    public void Off(string problem) => (Enabled, Problem) = (options.Pitr.Enabled == "true", problem);

    public void Stopped(string problem) => (Enabled, Problem, _receiving) = (true, problem, false);

    /// <summary>A receiver was started; it streams as soon as the server says so.</summary>
    public void Starts() => _receiving = true;

    public void Follows(WalLineage lineage)
    {
        lock (_gate)
        {
            if (Lineage != lineage)
            {
                (Lineage, Timeline, Slot, ReceivedTo, LastCommit, CaughtUpAt) = (lineage, null, null, null, null, null);
                Tail = null;
                _ahead.Clear();
            }
        }
    }

    /// <summary>What the server said when it was asked at this time.</summary>
    public void Saw(SlotState slot, DateTimeOffset askedAt)
    {
        lock (_gate)
        {
            Slot = slot;
            _ahead.Enqueue((slot.ServerLsn, askedAt));
        }

        if (_receiving && slot.ActiveProcess is not null)
        {
            Streams();
        }

        if (slot.FlushedLsn is { } flushed)
        {
            Received(flushed);
        }
    }

    public void Saw(TimelineId timeline, TransactionEnd? commit)
    {
        lock (_gate)
        {
            Timeline = timeline;
            LastCommit = commit ?? LastCommit;
            Move();
        }
    }

    public void Received(Lsn position)
    {
        lock (_gate)
        {
            ReceivedTo = ReceivedTo > position ? ReceivedTo : position;
            while (_ahead.TryPeek(out var sample) && sample.Position <= ReceivedTo)
            {
                CaughtUpAt = _ahead.Dequeue().At;
            }

            // What was asked long ago and never reached says nothing more.
            while (_ahead.Count > 1000)
            {
                _ahead.Dequeue();
            }

            Move();
        }
    }

    private void Streams()
    {
        lock (_gate)
        {
            (Enabled, Problem) = (true, null);
            Move();
        }
    }

    /// <summary>Wakes those who wait, to look again.</summary>
    private void Move()
    {
        _moved.TrySetResult();
        _moved = NewSource();
    }

    /// <summary>A chain began anew: positions may be smaller than before.</summary>
    public void StartOver()
    {
        lock (_gate)
        {
            (ReceivedTo, Tail) = (null, null);
            _ahead.Clear();
        }
    }

    private Task? NextMove(Func<bool> fact)
    {
        lock (_gate)
        {
            if (fact())
            {
                return null;
            }

            _wanted.TrySetResult();
            return _moved.Task;
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
