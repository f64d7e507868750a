namespace Capyd.Storage.Wal;

/// <summary>A piece of write-ahead log that is not kept, and never will be. No recovery passes it.</summary>
public sealed record WalGapRow
{
    public required WalGapId Id { get; init; }

    public required string SystemIdentifier { get; init; }

    public required int Timeline { get; init; }

    public required string FromLsn { get; init; }

    /// <summary>Null until WAL arrives again.</summary>
    public string? ToLsn { get; init; }

    /// <summary>For operators.</summary>
    public required string Reason { get; init; }

    /// <summary>The first base backup after it, from which every later moment can be recovered.</summary>
    public BaseBackupId? HealedBy { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    public DateTimeOffset? HealedAt { get; init; }
}
