using System.Globalization;
using Capyd.OffHost;
using Capyd.Storage.Repository;
using Capyd.Storage.Repository.S3;
using Capyd.Storage.Repository.Sealing;

namespace Capyd.Doctor;

/// <summary>Whether directory or bucket can be used, and whether the key opens what is kept. Tried, not reckoned.</summary>
internal sealed class RepositoryChecks(CapydOptions options, TimeProvider clock)
{
    private const string Bucket = "repository bucket";
    private const string Key = "repository key";
    private static readonly TimeSpan LargestSkew = TimeSpan.FromMinutes(5);
    private readonly RepositoryOpener _opener = new(options, clock);

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellation)
    {
        var findings = SecretFiles.Problems(options).Select(one => Finding.Fail(one.Key, one.Problem, one.Mend)).ToList();
        if (!options.S3.IsOn)
        {
            findings.Add(Directory());
            return options.Encryption.IsOn ? [.. findings, await KeyAsync(new DirectoryObjectStore(new DataDirectory(options).Repository), cancellation)] : findings;
        }

        try
        {
            using var bucket = _opener.OpenBucket(RepositoryOpener.Soon);
            findings.Add(await ClockAsync(bucket, cancellation));
            findings.Add(await TryAsync(bucket, cancellation));
            findings.Add(await KeyAsync(bucket, cancellation));
        }
        catch (StoreRefusedException e)
        {
            findings.Add(Finding.Fail(Bucket, $"{_opener.Place} refuses: {e.Message}", "what is written waits in the spool until this is mended; docs/operations/off-host.md"));
        }
        catch (IOException e)
        {
            findings.Add(Finding.Fail(Bucket, $"{_opener.Place} cannot be reached: {e.Message}", "what is written waits in the spool meanwhile; look at the network and the store"));
        }

        return findings;
    }

    private Finding Directory() => _opener.Mark!.Problem is { } problem
        ? Finding.Fail("repository directory", problem, "mount its disk; capyd goes on by itself then")
        : Finding.Pass("repository directory", $"{_opener.Place} is what this host writes");

    private async Task<Finding> ClockAsync(S3ObjectStore bucket, CancellationToken cancellation)
    {
        var ahead = await bucket.ProbeAsync(cancellation) ?? TimeSpan.Zero;
        var words = string.Create(CultureInfo.InvariantCulture, $"{_opener.Place} answers; this host's clock is {ahead.TotalSeconds:0.0} s ahead of it");
        return ahead.Duration() < LargestSkew
            ? Finding.Pass(Bucket, words)
            : Finding.Fail(Bucket, words + ", and requests are refused at 15 minutes", "timedatectl set-ntp true");
    }

    private static async Task<Finding> TryAsync(S3ObjectStore bucket, CancellationToken cancellation)
    {
        const string check = "writing to the bucket";
        var (name, bytes) = (ObjectName.Parse($"doctor/{Guid.NewGuid():N}"), Guid.NewGuid().ToByteArray());
        await bucket.WriteAsync(name, (stream, token) => stream.WriteAsync(bytes, token).AsTask(), cancellation);
        var read = new byte[bytes.Length];
        await bucket.ReadAtAsync(name, 0, read, cancellation);
        await bucket.DeleteAsync(name, cancellation);
        if (!read.AsSpan().SequenceEqual(bytes))
        {
            return Finding.Fail(check, "what was read is not what was written", "use another store: this one does not keep what it is given");
        }

        return await bucket.ExistsAsync(name, cancellation)
            ? Finding.Warn(check, "an object was written and read, but is there after it was deleted", "allow s3:DeleteObject; without it nothing is ever let go")
            : Finding.Pass(check, "an object was written, read and deleted");
    }

    private async Task<Finding> KeyAsync(IObjectStore store, CancellationToken cancellation)
    {
        try
        {
            if (options.Encryption.IsOn && await IsEmptyAsync(store, cancellation))
            {
                return Finding.Pass(Key, "the repository is empty; its first key is made by the first start");
            }

            var opened = await _opener.KeysOf(store).OpenAsync(_opener.MasterKey, mayBegin: false, cancellation);
            return Finding.Pass(Key, opened is SealedObjectStore ? "the key opens the repository; is there a copy of it off this host?" : "the repository is not encrypted");
        }
        catch (RepositoryKeyException e)
        {
            return Finding.Fail(Key, e.Message, "put the right key in place; docs/operations/off-host.md");
        }
    }

    private static async Task<bool> IsEmptyAsync(IObjectStore store, CancellationToken cancellation)
    {
        await foreach (var _ in store.ListAsync("", cancellation))
        {
            return false;
        }

        return true;
    }
}
