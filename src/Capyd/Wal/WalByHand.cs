using System.Buffers.Binary;
using Capyd.OffHost;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Postgres.Wal.Commands;
using Microsoft.Extensions.Logging.Abstractions;

namespace Capyd.Wal;

/// <summary><c>capyd wal push</c> and <c>capyd wal fetch</c>: PostgreSQL's archive_command and restore_command, on the repository itself.</summary>
internal sealed class WalByHand(CapydOptions options)
{
    private readonly DataDirectory _directories = new(options);

    /// <returns>0 when the file is durable in the repository, else 1.</returns>
    public async Task<int> PushAsync(string path, Action<string> error, CancellationToken cancellation)
    {
        try
        {
            var lineage = await LineageOfAsync(path, cancellation);
            using var opened = await new RepositoryOpener(options, TimeProvider.System).OpenAsync(mayBegin: true, cancellation);
            var repository = new WalRepository(opened.Store);
            return await WalPush.RunAsync(path, lineage, (name, content, token) => KeepAsync(repository, lineage, name, content, token), error, cancellation);
        }
        catch (Exception e)
        {
            // Whatever it was, PostgreSQL must keep the file and try again.
            error($"Could not archive {path}: {e.Message}");
            return WalPush.Failed;
        }
    }

    /// <returns>0 when it was delivered, 1 when the archive ends before it, else 255.</returns>
    public async Task<int> FetchAsync(string name, string destination, Action<string> error, CancellationToken cancellation)
    {
        try
        {
            using var opened = await new RepositoryOpener(options, TimeProvider.System).OpenKeptAsync(cancellation);
            var repository = new WalRepository(opened.Store);
            var lineage = await LineageToFetchAsync(repository, cancellation);
            return await WalFetch.RunAsync(name, destination, lineage, (file, token) => LookAsync(repository, lineage, file, token), error, cancellation);
        }
        catch (Exception e)
        {
            // Any exit code but 255 would let PostgreSQL promote with data lost.
            error($"Could not fetch {name}: {e.Message}");
            return WalFetch.Failed;
        }
    }

    private async Task KeepAsync(WalRepository repository, WalLineage lineage, WalFileName name, Stream content, CancellationToken cancellation)
    {
        await repository.StoreAsync(lineage, name, content, cancellation);
        if (File.Exists(_directories.Metadata) && name is { Kind: WalFileKind.Segment or WalFileKind.Partial })
        {
            using var metadata = MetadataDatabase.Open(_directories.Metadata, TimeProvider.System);
            var ledger = new WalLedger(TimeProvider.System, NullLogger<WalLedger>.Instance);
            var archive = new WalArchive(repository, ledger, metadata, _directories);
            await new WalReconciliation(repository, archive, metadata, NullLogger<WalReconciliation>.Instance).NoteAsync(lineage, name, cancellation);
        }
    }

    /// <summary>Nothing but the end of the archive may look like it: neither a hole, nor a spool that cannot be read.</summary>
    private async Task<WalLookup> LookAsync(WalRepository repository, WalLineage lineage, WalFileName name, CancellationToken cancellation)
    {
        if (await OpenAsync(repository, lineage, name, cancellation) is { } whole)
        {
            return new WalLookup.Found(whole);
        }

        if (name is not { Kind: WalFileKind.Segment, Segment: { } segment })
        {
            return new WalLookup.NotThere();
        }

        return await repository.HasLaterAsync(lineage, segment, cancellation) ? new WalLookup.Hole()
            : await OpenAsync(repository, lineage, WalFileName.PartialOf(segment), cancellation) is { } begun ? new WalLookup.Found(begun, Partial: true)
            : new WalLookup.NotThere();
    }

    private async Task<Stream?> OpenAsync(WalRepository repository, WalLineage lineage, WalFileName file, CancellationToken cancellation)
    {
        var spooled = Path.Combine(_directories.WalSpool, lineage.System.ToString(), file.Text);
        try
        {
            return await repository.OpenAsync(lineage.System, file, cancellation)
                ?? new FileStream(spooled, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>A history says nothing of its server; the segments beside it do.</summary>
    private static async Task<WalLineage> LineageOfAsync(string path, CancellationToken cancellation)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        var beside = Directory.EnumerateFiles(directory).Where(file => Path.GetFileName(file).Length == WalSegmentName.Length);
        foreach (var file in beside.Prepend(path))
        {
            await using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (await WalLineage.OfSegmentAsync(content, cancellation) is { } lineage)
            {
                return lineage;
            }
        }

        throw new InvalidDataException($"neither it nor anything beside it in {directory} begins as a WAL segment of PostgreSQL 13 to 18 does");
    }

    /// <summary>PostgreSQL runs the command in its data directory, whose control file begins with the system identifier.</summary>
    private async Task<WalLineage> LineageToFetchAsync(WalRepository repository, CancellationToken cancellation)
    {
        if (File.Exists("global/pg_control"))
        {
            var head = new byte[8];
            await using var control = File.OpenRead("global/pg_control");
            await control.ReadExactlyAsync(head, cancellation);
            var system = new SystemIdentifier(BinaryPrimitives.ReadUInt64LittleEndian(head));
            return await repository.LineageAsync(system, cancellation)
                ?? throw new InvalidDataException($"the repository at {_directories.Repository} holds no WAL of the server {system}");
        }

        return await repository.LineagesAsync(cancellation) is [var only]
            ? only
            : throw new InvalidDataException($"run it in the data directory of the server: without global/pg_control it is not known whose WAL of {_directories.Repository} is meant");
    }
}
