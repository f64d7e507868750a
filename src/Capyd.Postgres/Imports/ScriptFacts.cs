namespace Capyd.Postgres.Imports;

/// <summary>What one reading of a script without running it tells.</summary>
/// <param name="Extensions">Name and wanted schema, in the order of the script.</param>
internal sealed record ScriptFacts(IReadOnlyList<(string Name, string? Schema)> Extensions, int Statements);
