namespace Capyd.Storage.Wal;

/// <summary>A segment in the repository, and what is known of the commits in it.</summary>
public sealed record WalSegmentRow
{
    public required string SystemIdentifier { get; init; }

    /// <summary>24 hexadecimal digits.</summary>
    public required string Name { get; init; }

    public required int Timeline { get; init; }

    /// <summary>The last segment of a timeline that was left in it.</summary>
    public bool IsPartial { get; init; }

    /// <summary>As they lie in the repository, compressed.</summary>
    public required long StoredBytes { get; init; }

    public required int Commits { get; init; }

    /// <summary>"LSN microseconds xid" of the first commit in the order of the log; null without commits.</summary>
    public string? FirstCommit { get; init; }

    public string? LastCommit { get; init; }

    /// <summary>The latest end of any transaction, in microseconds since 1970; null without one.</summary>
    public long? LatestEnd { get; init; }

    /// <summary>One line for each named point: "LSN microseconds name".</summary>
    public string RestorePoints { get; init; } = "";

    public required DateTimeOffset ArchivedAt { get; init; }
}
