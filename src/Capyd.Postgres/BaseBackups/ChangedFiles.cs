using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.BaseBackups;

/// <summary>Hands on the files of a base backup that has begun: unread what the earlier one has, and read what it has not.</summary>
/// <param name="pages">Null on a server without checksums.</param>
internal sealed class ChangedFiles(BaseBackupRequest request, BackupGround ground, EarlierChecksums checksums, PageVerification? pages) : IDisposable
{
    private readonly IEarlierBaseBackup _earlier = request.Earlier!;
    private readonly UnchangedFiles _unchanged = new(request.Earlier!);
    private readonly ReadingPace _pace = new(request.MaxRateKilobytes, request.Clock);

    public ManifestWriting Manifest { get; } = new();

    public long ReadBytes => _pace.Bytes;

    public async Task TakeDirectoriesAsync(List<string> directories, CancellationToken ct)
    {
        foreach (var path in directories)
        {
            var mode = _earlier.Find(path)?.Mode ?? ground.DirectoryMode;
            await request.ConsumeMember(new BaseBackupMember(BaseBackupMemberKind.Directory, path, mode, 0, 0), Stream.Null, ct);
        }
    }

    /// <returns>The file when it has to be read; null when it was taken over.</returns>
    public BackupFile? Skim(BackupFile file)
    {
        if (_unchanged.Find(file) is not { } before || checksums.Of(file.Path) is not { } checksum || !_earlier.TryTakeOver(before))
        {
            return file;
        }

        Manifest.Add(file.Path, file.Size, file.ModifiedAt, checksum);
        return null;
    }

    /// <summary>Reads what is in the queue, by several sessions.</summary>
    public async Task ReadAsync(FileQueue queue, ClusterEndpoint endpoint, CancellationToken ct) => await Parallel.ForEachAsync(
        Enumerable.Repeat(queue, request.Readers),
        new ParallelOptions { MaxDegreeOfParallelism = request.Readers, CancellationToken = ct },
        async (files, token) =>
        {
            await using var session = await BackupConnection.OpenSqlAsync(endpoint, request.ApplicationName, token);
            var pieces = new PieceReading(session);
            while (files.Next() is { Count: > 0 } some)
            {
                await ReadSomeAsync(pieces, some, token);
                request.Progress?.Invoke(new BaseBackupProgress(_pace.Bytes, files.Bytes));
            }
        });

    /// <summary>Hands on what is known already.</summary>
    public async Task TakeAsync(string path, byte[] content, CancellationToken ct)
    {
        var modified = request.Clock.GetUtcNow().ToUnixTimeSeconds();
        await request.ConsumeMember(Describe(path, content.Length, modified), new MemoryStream(content), ct);
        var checksum = new Crc32C();
        checksum.Add(content);
        Manifest.Add(path, content.Length, modified, checksum.Value);
    }

    public async Task TakeManifestAsync(BaseBackupStart start, Lsn stop, CancellationToken ct)
    {
        using var parts = Manifest.Parts(start, stop).GetEnumerator();
        await using var content = new PartStream(parts);
        await request.ConsumeMember(Describe(ManifestWriting.File, -1, 0), content, ct);
    }

    public void Dispose() => Manifest.Dispose();

    private async Task ReadSomeAsync(PieceReading pieces, List<BackupFile> files, CancellationToken ct)
    {
        await pieces.BeginAsync(files, ct);
        for (var at = 0; at < files.Count; at++)
        {
            await ReadOneAsync(pieces, at, files[at], ct);
        }

        await pieces.EndAsync(ct);
    }

    private async Task ReadOneAsync(PieceReading pieces, int number, BackupFile file, CancellationToken ct)
    {
        var checksum = new Crc32C();
        long size = 0;
        await using var content = new ServerFileStream(pieces, number, file, async (offset, piece) =>
        {
            await (pages?.CheckAsync(file.Path, offset, piece, ct) ?? Task.CompletedTask);
            checksum.Add(piece.Span);
            size += piece.Length;
            await _pace.TakeAsync(piece.Length, ct);
        });

        // An empty file is there as far as anybody can tell.
        if (file.Size == 0 || await content.BeginAsync(ct))
        {
            await request.ConsumeMember(Describe(file.Path, file.Size, file.ModifiedAt), content, ct);
            await content.EndAsync(ct);
            Manifest.Add(file.Path, size, file.ModifiedAt, checksum.Value);
        }
        else
        {
            await content.EndAsync(ct);
        }
    }

    private BaseBackupMember Describe(string path, long size, long modifiedAt) =>
        new(BaseBackupMemberKind.File, path, _earlier.Find(path)?.Mode ?? ground.FileMode, size, modifiedAt);
}
