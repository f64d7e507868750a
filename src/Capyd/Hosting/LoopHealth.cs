using System.Collections.Concurrent;
using System.Globalization;
using Capyd.Cluster;

namespace Capyd.Hosting;

/// <summary>Whether the main loops still turn. A service manager's watchdog is fed only while they do.</summary>
internal sealed class LoopHealth(TimeProvider clock) : IComponentStatus
{
    private readonly ConcurrentBag<LoopPulse> _pulses = [];

    /// <summary>Begins to watch a loop, which has to beat within <paramref name="patience"/> from now on.</summary>
    public LoopPulse Watch(string name, TimeSpan patience)
    {
        var pulse = new LoopPulse(name, patience, clock);
        _pulses.Add(pulse);
        return pulse;
    }

    /// <summary>The loops that stand still, in words; null while all is well.</summary>
    public string? Problem
    {
        get
        {
            var stalled = _pulses.Select(pulse => (pulse.Name, Silence: pulse.Stalled)).Where(one => one.Silence is not null).ToList();
            return stalled.Count == 0 ? null : string.Join(", ", stalled.Select(one =>
                string.Create(CultureInfo.InvariantCulture, $"the {one.Name} has stood still for {one.Silence!.Value.TotalSeconds:0} s")));
        }
    }

    /// <summary>Said in <c>GET /status</c> only when something is wrong.</summary>
    public ComponentBody? Component => Problem is { } problem ? new ComponentBody("Main loops", "down", problem) : null;
}
