namespace Capyd.Tests.Wal;

/// <summary>Moves on only when it is told to.</summary>
internal sealed class HandClock : TimeProvider
{
    private long _passed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Pass(TimeSpan time) => _passed += time.Ticks;

    public override long GetTimestamp() => _passed;
}
