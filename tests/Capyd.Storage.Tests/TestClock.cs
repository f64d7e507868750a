namespace Capyd.Storage.Tests;

/// <summary>Stands still at a whole millisecond, which is what the database keeps.</summary>
internal static class TestClock
{
    public static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, 250, TimeSpan.Zero);
}
