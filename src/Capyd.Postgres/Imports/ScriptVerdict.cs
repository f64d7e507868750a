namespace Capyd.Postgres.Imports;

/// <summary>What becomes of a statement: run when both are null.</summary>
/// <param name="Skip">Why it is left out; empty for what nobody misses.</param>
/// <param name="Type">The kind of object left out, for the report.</param>
internal readonly record struct ScriptVerdict(string? Skip, string Type)
{
    public static ScriptVerdict Run => default;

    public static ScriptVerdict Quietly => new("", "");

    public bool Runs => Skip is null;
}
