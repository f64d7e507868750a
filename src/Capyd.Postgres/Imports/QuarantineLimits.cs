namespace Capyd.Postgres.Imports;

/// <summary>How much a foreign archive may cost before it is refused.</summary>
/// <param name="UnpackedBytes">The archive after decompression.</param>
/// <param name="ClusterBytes">The throw-away cluster on disk.</param>
/// <param name="Duration">From the first to the last step.</param>
public sealed record QuarantineLimits(long UnpackedBytes, long ClusterBytes, TimeSpan Duration)
{
    /// <summary>The longest single SQL statement that is accepted.</summary>
    public int StatementBytes { get; init; } = 64 * 1024 * 1024;
}
