namespace Capyd.Postgres.Imports;

/// <summary>What a file holds, by its first bytes.</summary>
public enum ImportKind
{
    /// <summary>pg_dump --format=custom.</summary>
    Custom,

    /// <summary>pg_dump --format=tar.</summary>
    Tar,

    /// <summary>pg_dump --format=directory, packed with tar.</summary>
    DirectoryInTar,

    /// <summary>SQL text.</summary>
    Plain,

    /// <summary>Something compressed; what is inside shows only when it is unpacked.</summary>
    Gzip,

    /// <summary>Something compressed; what is inside shows only when it is unpacked.</summary>
    Zstd,
}
