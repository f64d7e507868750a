namespace Capyd.Hosting;

/// <summary>
/// Keeps a problem that is met every few seconds from filling the log: it is worth a line when it is new, and then once an hour.
/// Known by kind, as the texts of the same problem differ in file names.
/// </summary>
internal sealed class RepeatedProblem(TimeProvider clock)
{
    public static readonly TimeSpan SayAgainAfter = TimeSpan.FromHours(1);

    private readonly Dictionary<(Type, int), (long SaidAt, int Unsaid)> _known = [];

    /// <returns>How often it was met since the last line about it, 1 when it is new; null when it is not to be said now.</returns>
    public int? Meet(Exception problem)
    {
        var kind = (problem.GetType(), problem.HResult);
        if (_known.TryGetValue(kind, out var known) && clock.GetElapsedTime(known.SaidAt) < SayAgainAfter)
        {
            _known[kind] = known with { Unsaid = known.Unsaid + 1 };
            return null;
        }

        _known[kind] = (clock.GetTimestamp(), 0);
        return known.Unsaid + 1;
    }

    /// <summary>All is well: whatever comes is new.</summary>
    public void Forget() => _known.Clear();
}
