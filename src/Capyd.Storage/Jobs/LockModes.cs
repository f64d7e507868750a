namespace Capyd.Storage.Jobs;

/// <summary>How a job holds its resource while it runs.</summary>
public static class LockModes
{
    /// <summary>Alone. At most one such job of a resource is pending or running.</summary>
    public const string Exclusive = "exclusive";

    /// <summary>Together with other shared jobs.</summary>
    public const string Shared = "shared";
}
