namespace Capyd.Postgres.Imports;

/// <summary>What a confined program may see and reach beside the system's own programs.</summary>
public sealed record ConfinedPlace
{
    /// <summary>The one directory that it may write to; it has the same path inside.</summary>
    public string? Writable { get; init; }

    /// <summary>Files and directories with the same path inside.</summary>
    public IReadOnlyList<string> ReadOnly { get; init; } = [];

    /// <summary>Whether it may use the network.</summary>
    public bool Network { get; init; }
}
