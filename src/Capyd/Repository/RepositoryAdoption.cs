using System.Globalization;
using Capyd.Storage.Repository;

namespace Capyd.Repository;

/// <summary>Makes this host use another directory as its repository.</summary>
internal sealed class RepositoryAdoption(RepositoryPlace place, TimeProvider clock)
{
    /// <exception cref="CapydException">The repository is a bucket.</exception>
    /// <exception cref="IOException">A daemon runs, which holds the keys of the repository of before; or the directory cannot be written.</exception>
    public AdoptionReport Run()
    {
        var mark = place.Opener.Mark
            ?? throw CapydException.Invalid($"the repository is {place.Opener.Place}", "a bucket is used as it is configured; nothing has to be adopted");
        using var held = place.Directories.TakeLock();
        var aside = PutKeysAside(place.Directories.RepositoryKeys);
        return new AdoptionReport(place.Opener.Place, mark.Adopt(), aside);
    }

    /// <summary>Copies of the old repository's keys would be taken for proof that the new one has lost its own.</summary>
    private string? PutKeysAside(string keys)
    {
        if (!Directory.Exists(keys))
        {
            return null;
        }

        var aside = string.Create(CultureInfo.InvariantCulture, $"{keys}-{clock.GetUtcNow():yyyyMMddHHmmss}");
        Directory.Move(keys, aside);
        DurableFile.SyncDirectory(place.Directories.Root);
        return aside;
    }
}

/// <param name="KeysAside">Where copies of the wrapped keys of the repository of before lie now; null when there were none.</param>
internal sealed record AdoptionReport(string Repository, string Id, string? KeysAside)
{
    public string Text() => $"{Repository} is the repository from now on; capyd repository rebuild-catalogue reads what is in it"
        + (KeysAside is null ? "" : $"\ncopies of the wrapped keys of the one before lie in {KeysAside}");
}
