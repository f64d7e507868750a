namespace Capyd.Wal;

/// <summary>When each of several things may be done again, by a clock that nobody sets back.</summary>
internal sealed class Deadlines(TimeProvider clock)
{
    private readonly Dictionary<string, (long From, TimeSpan Wait)> _waits = [];

    public bool IsDue(string what) => !_waits.TryGetValue(what, out var wait) || clock.GetElapsedTime(wait.From) >= wait.Wait;

    public void Put(string what, TimeSpan wait) => _waits[what] = (clock.GetTimestamp(), wait);
}
