using Capyd.Storage.Repository;
using Capyd.Storage.Repository.S3;
using Capyd.Storage.Repository.Sealing;
using Capyd.Storage.Repository.Spool;

namespace Capyd.OffHost;

/// <summary>Opens the repository that the configuration names: a directory or a spooled bucket, either of them perhaps encrypted.</summary>
internal sealed class RepositoryOpener(CapydOptions options, TimeProvider clock)
{
    /// <summary>Where somebody else tries again.</summary>
    public const int Soon = 3;

    /// <summary>Where nobody does.</summary>
    private const int Patiently = 8;
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(20);
    private readonly DataDirectory _directories = new(options);

    /// <summary>For people.</summary>
    public string Place => options.S3.IsOn ? $"{options.S3.Endpoint!.GetLeftPart(UriPartial.Authority)}/{options.S3.Bucket}/{options.S3.Prefix}" : _directories.Repository;

    /// <summary>Whether what is read comes over a network.</summary>
    public bool IsFar => options.S3.IsOn;

    /// <summary>To read and to write. Where it is a bucket, that need not answer, unless this host has never seen it.</summary>
    /// <param name="mayBegin">Whether an empty repository is given its first key where encryption is configured.</param>
    /// <exception cref="RepositoryKeyException">The key does not fit the repository.</exception>
    /// <exception cref="IOException">The bucket has to answer once, and does not.</exception>
    public async Task<OpenedRepository> OpenAsync(bool mayBegin, CancellationToken cancellation)
    {
        if (mayBegin)
        {
            Begin();
        }

        var inner = OpenInner();
        try
        {
            return await SealAsync(inner, mayBegin, cancellation);
        }
        catch
        {
            (inner as IDisposable)?.Dispose();
            throw;
        }
    }

    /// <summary>To read only, on a host that may know nothing of it: from the bucket itself, and from a spool that is there.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such directory: a repository is never made here.</exception>
    /// <inheritdoc cref="OpenAsync"/>
    public async Task<OpenedRepository> OpenKeptAsync(CancellationToken cancellation)
    {
        if (options.S3.IsOn)
        {
            return Directory.Exists(_directories.RepositorySpool)
                ? await OpenAsync(mayBegin: false, cancellation)
                : await SealAsync(OpenBucket(Patiently), mayBegin: false, cancellation);
        }

        return Directory.Exists(_directories.Repository)
            ? await OpenAsync(mayBegin: false, cancellation)
            : throw new DirectoryNotFoundException($"{_directories.Repository} is no directory; name the repository of the lost host, or a copy of it");
    }

    /// <summary>Beneath the sealing.</summary>
    public IObjectStore OpenInner() => options.S3.IsOn
        ? new SpooledObjectStore(
            new SpoolSettings(_directories.RepositorySpool) { LimitBytes = options.S3.SpoolLimitBytes }, _ => Task.FromResult<IObjectStore>(OpenBucket(Soon)), clock)
        : new DirectoryObjectStore(_directories.Repository, Mark);

    /// <summary>What tells the directory from another one; null for a bucket.</summary>
    public RepositoryMark? Mark => options.S3.IsOn ? null : new RepositoryMark(_directories.Repository, _directories.RepositoryMark);

    /// <summary>The bucket itself.</summary>
    /// <param name="attempts">At each request, before it counts as away.</param>
    /// <exception cref="StoreRefusedException">Its credentials cannot be read, or the settings cannot be right.</exception>
    public S3ObjectStore OpenBucket(int attempts)
    {
        try
        {
            var s3 = options.S3;
            return new S3ObjectStore(
                new S3Settings(s3.Endpoint!, s3.Bucket!, S3CredentialFiles.Read(s3))
                {
                    Region = s3.Region, Prefix = s3.Prefix, PathStyle = s3.PathStyle, CaFile = s3.CaFile, AllowHttp = s3.AllowHttp,
                    Attempts = attempts, Stall = Stall,
                },
                clock);
        }
        catch (ArgumentException e)
        {
            throw new StoreRefusedException("Settings", e.Message, e);
        }
    }

    /// <summary>What decides about the keys of a store. Copies of them are kept for who writes it only: who just looks leaves nothing behind.</summary>
    public SealedRepository KeysOf(IObjectStore inner) =>
        new(inner, inner is SpooledObjectStore or DirectoryObjectStore { IsOurs: true } ? new DirectoryObjectStore(_directories.RepositoryKeys) : null, clock);

    /// <summary>Null when no encryption is configured.</summary>
    public MasterKeyFile? MasterKey =>
        options.Encryption.KeyFile is { } key ? MasterKeyFile.OfKey(key)
        : options.Encryption.PassphraseFile is { } passphrase ? MasterKeyFile.OfPassphrase(passphrase) : null;

    private void Begin()
    {
        try
        {
            Mark?.Begin();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A disk that is full or read-only says so to whoever writes; that is no reason not to start. It is marked at a later start.
        }
    }

    private async Task<OpenedRepository> SealAsync(IObjectStore inner, bool mayBegin, CancellationToken cancellation)
    {
        var spool = inner as SpooledObjectStore;
        if (MasterKey is null && spool is not null)
        {
            // Whether it is encrypted must be known, now or from an earlier look: capyd never writes plain objects beside sealed ones.
            await foreach (var _ in spool.ListAsync("keys/", cancellation))
            {
                break;
            }
        }

        var store = await KeysOf(inner).OpenAsync(MasterKey, mayBegin, cancellation);
        if (spool is not null && store is SealedObjectStore sealedStore)
        {
            spool.SaysTheSame = sealedStore.HaveSameContentAsync;
        }

        return new OpenedRepository(store, inner, spool);
    }
}
