namespace Capyd.Storage.Repository.Chunks;

/// <summary>Looks at every pack and every manifest.</summary>
internal sealed class RepositoryCheckRun(RepositoryContext context, bool readData, Action<double>? progress)
{
    private const int FilesNamed = 5;

    private readonly List<DamagedPack> _packs = [];
    private readonly List<string> _manifests = [];
    private readonly List<UnusableBackup> _backups = [];
    private int _damagedPacks;
    private byte[] _plain = [];
    private long _read;

    public async Task<RepositoryCheck> RunAsync(CancellationToken ct)
    {
        // Listed before the packs: a backup that is published meanwhile refers to packs that might not be looked at.
        var names = await context.BackupNamesAsync(ct);
        await context.ReconcileAsync(readAll: true, ct);
        var packs = context.Catalogue.Packs();
        var size = Math.Max(1, packs.Sum(static pack => pack.Size));
        foreach (var pack in packs)
        {
            await CheckPackAsync(pack, ct);
            progress?.Invoke((double)_read / size);
        }

        foreach (var name in names)
        {
            await CheckBackupAsync(name, ct);
        }

        return new RepositoryCheck
        {
            Backups = names.Count,
            Packs = packs.Count,
            Chunks = context.Catalogue.Totals().Chunks,
            ReadBytes = _read,
            DamagedPacks = _packs,
            DamagedPackCount = _damagedPacks,
            DamagedManifests = _manifests,
            UnusableBackups = _backups,
        };
    }

    private async Task CheckPackAsync(PackRow pack, CancellationToken ct)
    {
        var damaged = readData ? await FindDamageAsync(pack, ct) : [];
        if (!pack.Damaged && damaged.Count == 0)
        {
            return;
        }

        _damagedPacks++;
        if (_packs.Count < RepositoryCheck.MaxListed)
        {
            _packs.Add(new DamagedPack(
                RepositoryNames.Pack(pack.Name).ToString(),
                pack.Damaged,
                [.. damaged.Take(RepositoryCheck.MaxListed).Select(static chunk => chunk.Id.ToString())]));
        }
    }

    private async Task<List<StoredChunk>> FindDamageAsync(PackRow pack, CancellationToken ct)
    {
        var bytes = await ReadIfThereAsync(pack, ct);
        _read += bytes.Length;
        var damaged = new List<StoredChunk>();
        foreach (var chunk in context.Catalogue.ChunksOf(pack))
        {
            if (PackReader.IsWhole(bytes, chunk) && Decompresses(bytes, chunk))
            {
                context.Catalogue.MarkSound(chunk.Id, pack.Name);
            }
            else
            {
                context.Catalogue.MarkDamaged(chunk.Id, pack.Name);
                damaged.Add(chunk);
            }
        }

        return damaged;
    }

    private async Task<byte[]> ReadIfThereAsync(PackRow pack, CancellationToken ct)
    {
        try
        {
            return await context.Packs.ReadAllAsync(pack.Name, pack.Size, ct);
        }
        catch (ObjectMissingException)
        {
            return [];
        }
    }

    private bool Decompresses(byte[] pack, StoredChunk chunk)
    {
        try
        {
            _plain = _plain.Length < chunk.Plain ? new byte[chunk.Plain] : _plain;
            context.Codec.Decompress(pack.AsSpan(chunk.Offset, chunk.Stored), _plain.AsSpan(0, chunk.Plain));
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private async Task CheckBackupAsync(string name, CancellationToken ct)
    {
        try
        {
            using var manifest = await context.Manifests.OpenAsync(name, null, ct);
            FindMissing(manifest, ct);
        }
        catch (RepositoryDamagedException e)
        {
            _manifests.Add(e.Message);
        }
        catch (ObjectMissingException)
        {
            // Deleted while the check ran.
        }
    }

    private void FindMissing(ManifestReader manifest, CancellationToken ct)
    {
        long missing = 0;
        var files = new List<string>();
        foreach (var entry in manifest.Entries())
        {
            ct.ThrowIfCancellationRequested();
            var here = entry.Chunks.Count(chunk => !context.Catalogue.Holds(chunk.Id));
            missing += here;
            if (here > 0 && files.Count < FilesNamed)
            {
                files.Add(entry.Path);
            }
        }

        if (missing > 0)
        {
            _backups.Add(new UnusableBackup(manifest.Header.Name, missing, files));
        }
    }
}
