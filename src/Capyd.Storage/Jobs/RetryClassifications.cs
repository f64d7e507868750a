namespace Capyd.Storage.Jobs;

/// <summary>Why an attempt ended, and with that whether another one makes sense.</summary>
public static class RetryClassifications
{
    /// <summary>May pass: a lost connection, a server restarting, a full disk.</summary>
    public const string Transient = "transient";

    /// <summary>Would fail again: bad input, a permission, a verification mismatch.</summary>
    public const string Permanent = "permanent";

    /// <summary>The daemon stopped; the attempt does not count.</summary>
    public const string Interrupted = "interrupted";
}
