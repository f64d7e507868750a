using Capyd.OffHost;

namespace Capyd.Repository;

/// <summary>The repository that the configuration names, for a command.</summary>
internal sealed class RepositoryPlace(CapydOptions options)
{
    public CapydOptions Options => options;

    public DataDirectory Directories { get; } = new(options);

    public RepositoryOpener Opener { get; } = new(options, TimeProvider.System);

    /// <summary>Whether a check reads every byte.</summary>
    public bool ReadsData { get; init; }

    public Task<KeptRepository> OpenAsync(CancellationToken cancellation) =>
        KeptRepository.OpenAsync(Opener, Directories.ChunkCache, TimeProvider.System, cancellation);

    /// <summary>What the metadata promise; nothing when there are none.</summary>
    public PromisedRows Promised()
    {
        if (!File.Exists(Directories.Metadata))
        {
            return PromisedRows.None;
        }

        using var metadata = MetadataDatabase.Open(Directories.Metadata, TimeProvider.System);
        return PromisedRows.Read(metadata);
    }
}
