namespace Capyd.Postgres.Dumps;

/// <summary>Where an archive holds the data of one table, or its large objects.</summary>
/// <param name="Entry">The number of the entry in the table of contents.</param>
/// <param name="At">In bytes of the plain archive.</param>
/// <param name="Length">In bytes, with what surrounds the rows.</param>
public sealed record ArchiveBlock(int Entry, long At, long Length);
