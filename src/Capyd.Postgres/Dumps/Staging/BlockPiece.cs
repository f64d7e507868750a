namespace Capyd.Postgres.Dumps;

/// <summary>What comes next among the data of a custom-format archive.</summary>
internal enum BlockPiece
{
    /// <summary>The bytes at hand end here.</summary>
    More,

    /// <summary>A type and the number of the entry whose data follows.</summary>
    Block,

    /// <summary>The number of a large object.</summary>
    LargeObject,

    /// <summary>The length of a chunk.</summary>
    Length,

    /// <summary>Bytes of a chunk, perhaps not all.</summary>
    Bytes,

    /// <summary>The empty chunk that ends a table's rows or a large object.</summary>
    LastLength,

    /// <summary>The number 0 that ends the large objects.</summary>
    LastLargeObject,

    /// <summary>No data block, and nothing after it is known.</summary>
    Unknown,
}
