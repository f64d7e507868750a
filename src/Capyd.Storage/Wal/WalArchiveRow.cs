namespace Capyd.Storage.Wal;

/// <summary>What is kept of one server's write-ahead log. A server that was made anew has another row.</summary>
public sealed record WalArchiveRow
{
    /// <summary>Decimal, as PostgreSQL shows it.</summary>
    public required string SystemIdentifier { get; init; }

    /// <summary>The major version, such as 15.</summary>
    public required int Major { get; init; }

    public required int SegmentBytes { get; init; }

    /// <summary>The newest one that was seen.</summary>
    public required int Timeline { get; init; }

    /// <summary>The whole pieces, in PostgreSQL's words; the owner parses them.</summary>
    public required string Ranges { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
