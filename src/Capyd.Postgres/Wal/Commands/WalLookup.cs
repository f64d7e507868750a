namespace Capyd.Postgres.Wal.Commands;

/// <summary>What an archive answers when PostgreSQL asks for a file.</summary>
public abstract record WalLookup
{
    private WalLookup()
    {
    }

    /// <summary>The archive ends before it. PostgreSQL then ends recovery here, and promotes.</summary>
    public sealed record NotThere : WalLookup;

    /// <summary>It is missing although later WAL is there: recovery must stop, not promote. See <see cref="WalRanges.IsHole"/>.</summary>
    public sealed record Hole : WalLookup;

    /// <param name="Content">Disposed by whoever asked.</param>
    /// <param name="Partial">The beginning of a segment only; it is filled up with zeros, and recovery ends in it.</param>
    public sealed record Found(Stream Content, bool Partial = false) : WalLookup;
}
