using Capyd.Storage.Repository;
using Capyd.Storage.Repository.Sealing;
using Capyd.Storage.Repository.Spool;

namespace Capyd.OffHost;

/// <summary>The repository of this configuration, with what lies beneath it.</summary>
/// <param name="Store">To work with; sealed where encryption is configured.</param>
/// <param name="Inner">Beneath the sealing.</param>
/// <param name="Spool">Null when the repository is a directory, or is read from its bucket directly.</param>
internal sealed record OpenedRepository(IObjectStore Store, IObjectStore Inner, SpooledObjectStore? Spool) : IDisposable
{
    /// <summary>Null when it is not encrypted.</summary>
    public RepositoryKeys? Keys => (Store as SealedObjectStore)?.Keys;

    /// <summary>The bucket past the spool, sealed like the rest; null when there is no spool.</summary>
    public IObjectStore? Passing => Spool is null ? null : Keys is { } keys ? new SealedObjectStore(Spool.Passing, keys) : Spool.Passing;

    /// <summary>Removes what writers left behind that were killed. For the start, before anybody writes.</summary>
    public int RemoveHalfWritten() => Inner switch
    {
        DirectoryObjectStore directory => directory.RemoveHalfWritten(),
        SpooledObjectStore spool => spool.RemoveHalfWritten(),
        _ => 0,
    };

    public void Dispose() => (Inner as IDisposable)?.Dispose();
}
