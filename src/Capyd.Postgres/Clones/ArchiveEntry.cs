namespace Capyd.Postgres.Clones;

/// <summary>What an archive's contents say of an object's origin: the object id of its catalog, and its own there.</summary>
internal readonly record struct ArchiveEntry(long Catalog, long Object);
