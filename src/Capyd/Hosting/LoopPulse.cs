namespace Capyd.Hosting;

/// <summary>The sign of life of one main loop. Its own loop stamps it; anybody may look.</summary>
/// <param name="patience">The longest that may honestly pass between two beats.</param>
internal sealed class LoopPulse(string name, TimeSpan patience, TimeProvider clock)
{
    private const long Resting = long.MinValue;
    private long _lastBeat = clock.GetTimestamp();

    /// <summary>e.g. <c>job worker</c></summary>
    public string Name { get; } = name;

    /// <summary>The loop is alive now.</summary>
    public void Beat() => Volatile.Write(ref _lastBeat, clock.GetTimestamp());

    /// <summary>The loop waits for something outside that may take any time, such as a PostgreSQL that is down; silence is right until the next beat.</summary>
    public void Rest() => Volatile.Write(ref _lastBeat, Resting);

    /// <summary>How long the loop has been silent beyond all patience; null while it is well. A machine that slept does not count.</summary>
    public TimeSpan? Stalled => Volatile.Read(ref _lastBeat) is var last and not Resting && clock.GetElapsedTime(last) is var silence && silence > patience ? silence : null;
}
