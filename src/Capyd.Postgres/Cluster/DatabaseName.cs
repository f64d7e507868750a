using System.Diagnostics.CodeAnalysis;

namespace Capyd.Postgres.Cluster;

/// <summary>The name of a database as PostgreSQL takes it: 1 to 63 bytes, any character but NUL.</summary>
public readonly record struct DatabaseName
{
    private readonly string? _text;

    private DatabaseName(string text) => _text = text;

    /// <exception cref="FormatException">The text is empty, too long or holds NUL.</exception>
    public static DatabaseName Parse(string text) =>
        TryParse(text, out var name) ? name : throw ServerName.Refuse("database", text);

    public static bool TryParse([NotNullWhen(true)] string? text, out DatabaseName name)
    {
        var valid = ServerName.IsValid(text);
        name = valid ? new DatabaseName(text!) : default;
        return valid;
    }

    /// <summary>The name quoted for SQL.</summary>
    internal string Quoted => SqlIdentifier.Quote(ToString());

    public override string ToString() => _text ?? throw new InvalidOperationException("This database name was never set.");
}
