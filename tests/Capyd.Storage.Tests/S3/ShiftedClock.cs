namespace Capyd.Storage.Tests.S3;

/// <summary>A clock that runs but goes wrong by a constant.</summary>
internal sealed class ShiftedClock(TimeSpan shift) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + shift;
}
