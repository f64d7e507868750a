namespace Capyd.Postgres.BaseBackups;

/// <summary>What a base backup asks the server before it begins.</summary>
/// <param name="Version">For example 150018.</param>
/// <param name="WalSegmentBytes">Of a segment of WAL.</param>
/// <param name="Now">The server's clock.</param>
internal sealed record ServerSettings(int Version, int WalSegmentBytes, bool DataChecksums, DateTimeOffset Now)
{
    /// <summary>Null when the role may not know.</summary>
    public string? DataDirectory { get; init; }

    public required IReadOnlyList<BaseBackupDatabase> Databases { get; init; }
}
