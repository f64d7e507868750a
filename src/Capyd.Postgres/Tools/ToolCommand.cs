namespace Capyd.Postgres.Tools;

/// <summary>A program to run, with its arguments as a list; no shell ever sees them.</summary>
public sealed record ToolCommand(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>Added to the clean environment that every tool gets. Passwords belong here, never in arguments.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The OS user to run as; only heeded when capyd is root.</summary>
    public string? RunAs { get; init; }

    /// <summary>Whether the program asks the kernel to end it with its parent. "Parent" is the thread that started it, so that
    /// one has to live as long as capyd does.</summary>
    public bool DiesWithParent { get; init; }

    /// <summary>Whether its output is much, and better comes in large pieces than in pages of 4 KiB.</summary>
    public bool WritesInBulk { get; init; }

    /// <summary>Texts that must not appear in captured output.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>The program's name without its directory.</summary>
    public string Name => Path.GetFileName(Program);
}
