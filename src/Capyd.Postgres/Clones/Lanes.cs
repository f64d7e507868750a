using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Clones;

/// <summary>Does work in a fixed number of lanes, heaviest first.</summary>
internal sealed class Lanes
{
    private readonly PriorityQueue<LaneWork, long> _ready = new();
    private readonly Dictionary<int, (Task<bool> Ended, LaneWork Work)> _running = [];
    private readonly Stack<int> _free;

    public Lanes(int count) => _free = new Stack<int>(Enumerable.Range(0, count).Reverse());

    /// <summary>Returns when all of it is done; throws the first failure when all that ran has ended.</summary>
    public async Task RunAsync(IEnumerable<LaneWork> first, CancellationToken cancellationToken)
    {
        using var lanes = new SideBySide(cancellationToken);
        Add(first);
        while (true)
        {
            while (_free.Count > 0 && _ready.TryDequeue(out var next, out _))
            {
                Begin(lanes, next);
            }

            if (_running.Count == 0)
            {
                return;
            }

            await EndOneAsync(lanes);
        }
    }

    private void Begin(SideBySide lanes, LaneWork work)
    {
        var lane = _free.Pop();
        _running.Add(lane, (lanes.RunAsync(token => work.RunAsync(lane, token)), work));
    }

    private async Task EndOneAsync(SideBySide lanes)
    {
        if (!await await Task.WhenAny(_running.Values.Select(static running => running.Ended)))
        {
            await lanes.EndAsync([.. _running.Values.Select(static running => running.Ended)]);
        }

        var (lane, (_, work)) = _running.First(static running => running.Value.Ended.IsCompleted);
        _running.Remove(lane);
        _free.Push(lane);
        Add(work.Then);
    }

    private void Add(IEnumerable<LaneWork> works)
    {
        foreach (var work in works)
        {
            _ready.Enqueue(work, -work.Weight);
        }
    }
}
