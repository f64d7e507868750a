using System.Globalization;
using Capyd.Storage.Repository.Sealing;

namespace Capyd.Repository;

/// <summary>Changes to the keys of the repository that the configuration names; each says what the operator has to do now.</summary>
internal sealed class RepositoryKeyring(RepositoryPlace place)
{
    /// <exception cref="IOException">A daemon runs: what it writes meanwhile would be neither sealed nor known to be plain.</exception>
    public async Task<string> InitAsync(CancellationToken cancellation)
    {
        using var nobodyElse = place.Directories.TakeLock();
        var keys = await ChangeAsync((repository, _) => repository.BeginAsync(Configured, cancellation), cancellation);
        return $"The repository is encrypted from now on, with data key {keys.List()[0].Id}.\n"
            + (keys.PlainObjects == 0 ? "" : $"{keys.PlainObjects} objects that were there stay as they are and are read on; they leave with their retention.\n")
            + $"Keep a copy of {Configured.Path} off this host and apart from the repository: without it, nothing in the repository can ever be read.";
    }

    public async Task<string> ListAsync(CancellationToken cancellation)
    {
        using var repository = await place.Opener.OpenAsync(mayBegin: false, cancellation);
        var keys = repository.Keys ?? throw CapydException.Invalid("the repository is not encrypted", "set repository.encryption.key_file and run capyd repository key init");
        var count = await keys.VerifyAsync(cancellation);
        var lines = keys.List().Select(key => string.Create(CultureInfo.InvariantCulture, $"{key.Id}  {key.CreatedAt:yyyy-MM-dd'T'HH:mm:ss'Z'}{(key.IsCurrent ? "  current" : "")}"));
        return $"{string.Join('\n', lines)}\n{Configured.Path} opens {(count == 1 ? "it" : $"all {count}")}."
            + (keys.PlainObjects == 0 ? "" : $"\nBefore encryption began, there were {keys.PlainObjects} objects, which are read plain as long as they are kept.");
    }

    public async Task<string> RotateAsync(CancellationToken cancellation)
    {
        var made = await ChangeAsync((repository, _) => repository.RotateAsync(Configured, cancellation), cancellation);
        return $"Data key {made.Id} is the current one. What is there stays sealed with the older keys, which are kept.\nA daemon that runs takes it up within a minute. The key file stays the same.";
    }

    public async Task<string> RewrapAsync(MasterKeyFile next, CancellationToken cancellation)
    {
        var count = await ChangeAsync((repository, arrived) => repository.RewrapAsync(Configured, next, arrived, cancellation), cancellation);
        var option = next.IsPassphrase ? "passphrase_file" : "key_file";
        return $"{next.Path} opens {(count == 1 ? "the data key" : $"all {count} data keys")} from now on, and nothing else does.\n"
            + $"Keep a copy of it off this host and apart from the repository, set repository.encryption.{option}: {next.Path}, and restart capyd.\n"
            + (next.Path == Configured.Path ? "" : $"Who has an old copy of keys/ and {Configured.Path} can still open what the present data keys seal: if that file has leaked, run capyd repository key rotate, too.");
    }

    private MasterKeyFile Configured => place.Opener.MasterKey
        ?? throw CapydException.Invalid("no encryption is configured", "set repository.encryption.key_file; capyd repository key new > FILE makes one");

    /// <summary>What is changed must be off this host before anything relies on it.</summary>
    private async Task<T> ChangeAsync<T>(Func<SealedRepository, Func<CancellationToken, Task>?, Task<T>> change, CancellationToken cancellation)
    {
        var inner = place.Opener.OpenInner();
        using var closing = inner as IDisposable;
        Func<CancellationToken, Task>? arrived = place.Options.S3.IsOn ? ShipAsync : null;
        var result = await change(place.Opener.KeysOf(inner), arrived);
        await (arrived?.Invoke(cancellation) ?? Task.CompletedTask);
        return result;

        Task ShipAsync(CancellationToken token) => new SpoolFlush(place.Opener, ProgressLine.OnErrors(TimeProvider.System), TimeProvider.System).RunAsync(token);
    }
}
