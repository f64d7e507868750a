namespace Capyd.Limits;

internal enum StorageStep
{
    None,

    /// <summary>Make it read-only for sessions to come.</summary>
    Hold,

    Release,
}

/// <summary>When a database that is full is held, and when let go. Pure.</summary>
internal static class StoragePolicy
{
    private const double HoldAt = 100;
    private const double ReleaseBelow = 95;

    public static StorageStep Next(bool onHold, long size, long limit)
    {
        var percent = 100.0 * size / limit;
        return onHold
            ? percent < ReleaseBelow ? StorageStep.Release : StorageStep.None
            : percent >= HoldAt ? StorageStep.Hold : StorageStep.None;
    }
}
