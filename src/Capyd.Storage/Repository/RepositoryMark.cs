using System.Text;

namespace Capyd.Storage.Repository;

/// <summary>Tells a repository's directory from the empty place where its disk is not mounted, and from another one: the same random id
/// lies in the directory and in a file of the host that writes it.</summary>
/// <param name="directory">The repository.</param>
/// <param name="remembered">The host's own file.</param>
public sealed class RepositoryMark(string directory, string remembered)
{
    public const string FileName = "repository.id";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private string InDirectory => Path.Combine(directory, FileName);

    /// <summary>Whether this host writes a repository.</summary>
    public bool IsRemembered => Read(remembered) is not null;

    /// <summary>Why the directory is not what this host has written so far; null when it is, and while the host remembers none.</summary>
    public string? Problem => Read(remembered) is not { } wanted || Read(InDirectory) is var found && found == wanted
        ? null
        : $"{directory} is not the repository that this host has written so far: its {FileName} {(found is null ? "is missing" : $"says {found}, not {wanted}")}. "
            + "Is its disk mounted? If another one is meant, stop capyd and run: capyd repository adopt";

    /// <exception cref="StoreUnavailableException">The directory is not the repository.</exception>
    public void Require()
    {
        if (Problem is { } problem)
        {
            throw new StoreUnavailableException(problem);
        }
    }

    /// <summary>Remembers the repository that is there, and marks it where nobody has; changes nothing when one is remembered.</summary>
    public void Begin()
    {
        if (!IsRemembered)
        {
            Adopt();
        }
    }

    /// <summary>The same, in place of what was remembered.</summary>
    /// <returns>The id of the repository.</returns>
    public string Adopt()
    {
        DurableFile.CreateDirectory(directory);
        if (Read(InDirectory) is not { } id)
        {
            id = Guid.NewGuid().ToString("N");
            DurableFile.WriteAllBytes(InDirectory, Encoding.ASCII.GetBytes(id + "\n"), OwnerOnly);
        }

        DurableFile.WriteAllBytes(remembered, Encoding.ASCII.GetBytes(id + "\n"), OwnerOnly);
        return id;
    }

    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
