namespace Capyd.Drills;

/// <summary>Moments of drills are kept to the millisecond, so that a rerun recovers the same.</summary>
internal static class Milliseconds
{
    public static DateTimeOffset Down(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);

    /// <summary>The first one that is not before.</summary>
    public static DateTimeOffset Up(DateTimeOffset at) => Down(at.AddTicks(TimeSpan.TicksPerMillisecond - 1));
}
