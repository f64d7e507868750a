using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Recovery;

/// <summary>How recovery ended.</summary>
public abstract record RecoveryResult
{
    private RecoveryResult()
    {
    }

    /// <summary>The server was promoted and takes logins.</summary>
    /// <param name="LastRecord">Where the last record that was replayed begins; null when there was nothing to replay.</param>
    /// <param name="LastCommitAt">Of the last transaction that was replayed; null when there was none.</param>
    /// <param name="StoppedBecause">The server's words on why it stopped; null at the end of the archive.</param>
    public sealed record Reached(Lsn? LastRecord, DateTimeOffset? LastCommitAt, string? StoppedBecause) : RecoveryResult;

    /// <param name="Message">What is wrong, with the server's words.</param>
    /// <param name="LastCommitAt">How far it came.</param>
    public sealed record Failed(RecoveryFailureKind Kind, string Message, Lsn? LastRecord, DateTimeOffset? LastCommitAt) : RecoveryResult;
}
