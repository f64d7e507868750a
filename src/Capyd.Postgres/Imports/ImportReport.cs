namespace Capyd.Postgres.Imports;

/// <summary>What became of a foreign file.</summary>
public sealed record ImportReport
{
    public required ImportFormat Format { get; init; }

    /// <summary>The file after decompression.</summary>
    public required long UnpackedBytes { get; init; }

    /// <summary>How many objects of each type, in lower case ("table", "index"), were loaded.</summary>
    public required IReadOnlyDictionary<string, int> LoadedObjects { get; init; }

    /// <summary>What was left out on purpose, at most <see cref="MaxSkipped"/> entries.</summary>
    public required IReadOnlyList<ImportSkipped> Skipped { get; init; }

    /// <summary>How many were left out, also beyond the list.</summary>
    public required int SkippedCount { get; init; }

    /// <summary>Extensions that were made, with those that they require.</summary>
    public required IReadOnlyList<string> Extensions { get; init; }

    public const int MaxSkipped = 500;
}
