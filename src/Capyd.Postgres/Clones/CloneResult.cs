using Capyd.Postgres.Dumps;

namespace Capyd.Postgres.Clones;

/// <summary>How a database was copied, and why that way.</summary>
/// <param name="Method"><see cref="Template"/> or <see cref="Dump"/>.</param>
/// <param name="Relations">Tables whose rows were counted and hashed on both sides; 0 for a copy of files.</param>
/// <param name="Differences">Empty when the copy is what the snapshot showed.</param>
public sealed record CloneResult(string Method, string Reason, int Relations, long Rows, IReadOnlyList<InventoryDifference> Differences)
{
    /// <summary>The server copied the files.</summary>
    public const string Template = "template";

    /// <summary>A snapshot was read and loaded.</summary>
    public const string Dump = "dump";
}
