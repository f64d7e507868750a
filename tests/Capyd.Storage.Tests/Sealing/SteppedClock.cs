namespace Capyd.Storage.Tests.Sealing;

/// <summary>A clock that moves only when told to.</summary>
internal sealed class SteppedClock(DateTimeOffset start) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = start;

    public override DateTimeOffset GetUtcNow() => Now;
}
