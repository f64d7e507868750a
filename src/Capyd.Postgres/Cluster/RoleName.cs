using System.Diagnostics.CodeAnalysis;

namespace Capyd.Postgres.Cluster;

/// <summary>The name of a role as PostgreSQL takes it: 1 to 63 bytes, any character but NUL.</summary>
public readonly record struct RoleName
{
    private readonly string? _text;

    private RoleName(string text) => _text = text;

    /// <exception cref="FormatException">The text is empty, too long or holds NUL.</exception>
    public static RoleName Parse(string text) =>
        TryParse(text, out var name) ? name : throw ServerName.Refuse("role", text);

    public static bool TryParse([NotNullWhen(true)] string? text, out RoleName name)
    {
        var valid = ServerName.IsValid(text);
        name = valid ? new RoleName(text!) : default;
        return valid;
    }

    /// <summary>The name quoted for SQL.</summary>
    internal string Quoted => SqlIdentifier.Quote(ToString());

    public override string ToString() => _text ?? throw new InvalidOperationException("This role name was never set.");
}
