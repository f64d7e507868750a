namespace Capyd.Postgres.Clones;

/// <summary>A table whose rows go from server to server as they are.</summary>
/// <param name="Bytes">On disk, in the source.</param>
/// <param name="Reference">Schema and name, quoted for SQL and for the patterns of pg_dump alike.</param>
/// <param name="Columns">All that are not generated, quoted.</param>
internal sealed record CloneTable(long Oid, long Bytes, string Schema, string Name, string Reference, string Columns)
{
    public string CopyOut => $"COPY {Reference} ({Columns}) TO STDOUT (FORMAT binary)";

    /// <summary>Frozen rows need no second writing when they are first read; allowed because of <see cref="Empty"/> in the same transaction.</summary>
    public string CopyIn => $"COPY {Reference} ({Columns}) FROM STDIN (FORMAT binary, FREEZE)";

    /// <summary>Good in the same transaction only: later a policy may hide rows even from the owner.</summary>
    public string Count => $"SELECT pg_catalog.count(*) FROM ONLY {Reference}";

    public string Empty => $"TRUNCATE ONLY {Reference}";
}
