using System.Collections.Frozen;
using Capyd.Cluster;

namespace Capyd.Pooling;

/// <summary>What the rest of capyd sees of the pooler, and how it tells it that something changed.</summary>
internal sealed class PoolerState(CapydOptions options, TimeProvider clock) : IComponentStatus
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private FrozenSet<(string Database, string Role)> _offered = FrozenSet<(string, string)>.Empty;
    private TaskCompletionSource _asked = NewSource();
    private TaskCompletionSource _settled = NewSource();
    private string _word = "starting";
    private string? _message;
    private long _wanted;
    private long _done;
    private int _uncommitted;

    public ComponentBody? Component => options.Pooler.Enabled == "false" ? null : new ComponentBody("Connection pooler", _word, _message);

    /// <summary>Clients have the direct connection.</summary>
    public bool ConcernsSafety => false;

    /// <summary>Whether a client would be let in there now.</summary>
    public bool Offers(string database, string role) => _offered.Contains((database, role));

    /// <summary>Something is about to change; readers wait for it from here on. <see cref="Committed"/> has to follow.</summary>
    public void Expect()
    {
        lock (_gate)
        {
            _uncommitted++;
        }
    }

    /// <summary>The expected change can be read now.</summary>
    public void Committed()
    {
        lock (_gate)
        {
            _uncommitted--;
        }

        Ask();
    }

    /// <summary>Have the pooler look at what is wanted of it.</summary>
    public void Ask()
    {
        lock (_gate)
        {
            _wanted++;
            _asked.TrySetResult();
        }
    }

    /// <summary>Returns when everything that has changed until now is known to the pooler, or after five seconds, or at once when there is none.</summary>
    public async Task SettleAsync(CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        while (NextSettled() is { } settled && !deadline.IsCancellationRequested)
        {
            await settled.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Ends at the next <see cref="Ask"/>, or at once when there was one since the last call.</summary>
    public async Task<long> NextAskedAsync(CancellationToken cancellation)
    {
        await Volatile.Read(ref _asked).Task.WaitAsync(cancellation);
        lock (_gate)
        {
            _asked = NewSource();
            return _wanted;
        }
    }

    /// <param name="wanted">What was asked until the databases were read.</param>
    public void Serving(long wanted, IEnumerable<(string Database, string Role)> offered)
    {
        _offered = offered.ToFrozenSet();
        (_word, _message) = ("operational", null);
        Settle(wanted);
    }

    /// <summary>The pooler goes on with what it had, and the next look tries again.</summary>
    public void Stale(long wanted, string problem)
    {
        (_word, _message) = ("degraded", problem);
        Settle(wanted);
    }

    public void NotServing(string word, string problem)
    {
        _offered = FrozenSet<(string, string)>.Empty;
        (_word, _message) = (word, problem);
        Settle(Volatile.Read(ref _wanted));
    }

    private Task? NextSettled()
    {
        lock (_gate)
        {
            return _word is "operational" or "degraded" && (_uncommitted > 0 || _done < _wanted) ? _settled.Task : null;
        }
    }

    private void Settle(long wanted)
    {
        lock (_gate)
        {
            _done = Math.Max(_done, wanted);
            _settled.TrySetResult();
            _settled = NewSource();
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
