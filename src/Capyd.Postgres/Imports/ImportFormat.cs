namespace Capyd.Postgres.Imports;

/// <summary>What a file holds.</summary>
/// <param name="ArchiveVersion">The version of pg_dump's archive format; null for anything else.</param>
public sealed record ImportFormat(ImportKind Kind, Version? ArchiveVersion = null);
