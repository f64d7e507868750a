namespace Capyd.Postgres.Dumps;

/// <summary>What a restore needs to know of one entry of an archive's table of contents.</summary>
/// <param name="CopyAt">Where the COPY statement is encoded, as a range of the table of contents.</param>
/// <param name="OffsetAt">Where the entry says at which byte its data begins.</param>
/// <param name="ViaRoot">Whether its rows go through the root of a partitioned table.</param>
internal sealed record TocEntry(int DumpId, string Type, string Schema, string Name, Range CopyAt, int OffsetAt, bool ViaRoot)
{
    public bool IsTableData => Type == "TABLE DATA";
}
