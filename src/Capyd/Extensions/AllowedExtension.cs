namespace Capyd.Extensions;

/// <summary>An extension that a project may have.</summary>
/// <param name="Category">One of the words of contract B.8.</param>
/// <param name="Trusted">Whether PostgreSQL itself would let a database's owner create it.</param>
internal sealed record AllowedExtension(string Name, string Category, bool Trusted, string Description)
{
    /// <summary>The library that has to be in <c>shared_preload_libraries</c>; null when none has to.</summary>
    public string? Preload { get; init; }

    /// <summary>Debian's package that brings it, with <c>{0}</c> for the server's major version.</summary>
    public string Package { get; init; } = "postgresql-{0}";

    public bool RequiresRestart => Preload is not null;
}
