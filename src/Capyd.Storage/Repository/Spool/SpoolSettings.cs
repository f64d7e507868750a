namespace Capyd.Storage.Repository.Spool;

/// <summary>Where objects wait for the remote store, and how much room they may take.</summary>
/// <param name="Directory">On a local disk; all processes that use the repository share it.</param>
public sealed record SpoolSettings(string Directory)
{
    /// <summary>Most bytes that may wait; 0 is all but a tenth of the disk.</summary>
    public long LimitBytes { get; init; }

    /// <summary>How long a writer waits for room while none becomes free.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long nobody but the shipper asks the remote store again after it did not answer; its first answer ends this.</summary>
    public TimeSpan RestAfterFailure { get; init; } = TimeSpan.FromMinutes(5);
}
