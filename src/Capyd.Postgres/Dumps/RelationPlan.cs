namespace Capyd.Postgres.Dumps;

/// <summary>How one table is counted and hashed.</summary>
internal sealed record RelationPlan
{
    public required string Schema { get; init; }

    public required string Name { get; init; }

    public required bool Unlogged { get; init; }

    public required string Owner { get; init; }

    /// <summary>False for tables of superusers and tables whose policies bind the owner too.</summary>
    public required bool ReadableAsOwner { get; init; }

    public required long Bytes { get; init; }

    /// <summary>Counts and hashes; run with the owner's rights.</summary>
    public required string Statement { get; init; }

    /// <summary>Sends the rows; safe with any rights, because COPY of a table is not planned.</summary>
    public required string Copy { get; init; }
}
