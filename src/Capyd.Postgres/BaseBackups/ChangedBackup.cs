using System.Text;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.BaseBackups;

/// <summary>
/// Takes a base backup by the server's low-level functions, reading only files of which size or times changed since an earlier one. Where
/// anything about the server is not as expected it does nothing, and BASE_BACKUP reads everything.
/// </summary>
internal sealed class ChangedBackup(ClusterEndpoint endpoint, BaseBackupRequest request, ServerSettings server)
{
    /// <summary>Between the clock of the server and that of its file system; seconds.</summary>
    private const long ClocksDiffer = 2;

    /// <summary>Above this it pays to read files when the second is over in which they were written, so that the next backup passes over them.</summary>
    private const long MuchUnsettled = 64L << 20;

    private readonly IEarlierBaseBackup _earlier = request.Earlier!;

    /// <returns>Null when everything has to be read; nothing was handed on then.</returns>
    /// <exception cref="BaseBackupFailedException">It began and failed.</exception>
    public async Task<BaseBackupResult?> TryRunAsync(CancellationToken ct)
    {
        if (server.Now < _earlier.StopAt || server.Version / 10000 != _earlier.Start.ServerVersion / 10000
            || await EarlierChecksums.ReadAsync(_earlier, ct) is not { } checksums)
        {
            return null;
        }

        await using var session = await TryOpenAsync(ct);
        if (session is null)
        {
            return null;
        }

        var bracket = new BackupBracket(session);
        return await LookAsync(bracket, ct) is { } ground ? await RunAsync(session, bracket, ground, checksums, ct) : null;
    }

    private async Task<BaseBackupResult?> RunAsync(BackupConnection session, BackupBracket bracket, BackupGround ground, EarlierChecksums checksums, CancellationToken ct)
    {
        var begin = await bracket.StartAsync(request.Label, request.FastCheckpoint, ct);
        var listing = new DataDirectoryListing(session, server.Version);
        if (!AgreeOnTime(begin) || await listing.DirectoriesAsync(_earlier, ct) is not { } directories)
        {
            return null;
        }

        var start = new BaseBackupStart(
            ground.SystemIdentifier, begin.Timeline, begin.Lsn, server.Version, server.WalSegmentBytes, server.DataChecksums, 0)
        {
            Tablespaces = listing.Tablespaces,
            Databases = server.Databases,
        };
        if (!UnchangedPages.IsOneHistory(_earlier.Start, start))
        {
            return null;
        }

        await (request.Started?.Invoke(start, ct) ?? Task.CompletedTask);
        using var gate = new SemaphoreSlim(1, 1);
        var pages = server.DataChecksums ? new PageVerification(begin.Lsn, ground.SegmentBytes, (path, at, token) => AloneAsync(gate, bracket, path, at, token)) : null;
        using var files = new ChangedFiles(request, ground, checksums, pages);
        await files.TakeDirectoriesAsync(directories, ct);
        var changed = await SkimAsync(files, listing, directories, ct);
        var looked = await SettleAsync(bracket, changed, ct);
        await files.ReadAsync(new FileQueue(changed), endpoint, ct);
        pages?.EnsureSound();
        var result = await EndAsync(bracket, files, start, ct);
        return result with { StartedAt = begin.At, SettledBefore = SettledTime.Before(looked, BaseBackup.Places(server, start.Tablespaces)) };
    }

    /// <returns>What has to be read.</returns>
    private static async Task<List<BackupFile>> SkimAsync(ChangedFiles files, DataDirectoryListing listing, List<string> directories, CancellationToken ct)
    {
        var changed = new List<BackupFile>();
        await foreach (var some in listing.FilesAsync(directories, ct))
        {
            foreach (var file in some)
            {
                if (files.Skim(file) is { } read)
                {
                    changed.Add(read);
                }
            }
        }

        return changed;
    }

    /// <returns>A time of the server's clock before the first of them is read.</returns>
    private async Task<DateTimeOffset> SettleAsync(BackupBracket bracket, List<BackupFile> changed, CancellationToken ct)
    {
        var now = await bracket.ReadClockAsync(ct);
        var current = now.ToUnixTimeSeconds();
        return changed.Where(file => file.ModifiedAt >= current).Sum(static file => file.Size) < MuchUnsettled
            ? now
            : await bracket.WaitUntilAsync(SettledTime.NextAfter(now), request.Clock, ct);
    }

    /// <summary>The control file comes last of all that is read, as with BASE_BACKUP.</summary>
    private static async Task<BaseBackupResult> EndAsync(BackupBracket bracket, ChangedFiles files, BaseBackupStart start, CancellationToken ct)
    {
        await files.TakeAsync(BackupExclusions.ControlFile, await bracket.ReadControlAsync(ct), ct);
        var end = await bracket.StopAsync(ct);
        await files.TakeAsync("backup_label", Encoding.UTF8.GetBytes(end.Label), ct);
        if (end.TablespaceMap.Length > 0)
        {
            await files.TakeAsync("tablespace_map", Encoding.UTF8.GetBytes(end.TablespaceMap), ct);
        }

        await files.TakeManifestAsync(start, end.Lsn, ct);
        return new BaseBackupResult(start, start.Timeline, end.Lsn, end.Label, end.TablespaceMap, files.Manifest.Files, files.Manifest.Bytes)
        {
            ReadWhole = false,
            ReadBytes = files.ReadBytes,
        };
    }

    /// <summary>The checkpoint has just written the control file; a file system that says otherwise says nothing about other files either.</summary>
    private bool AgreeOnTime(BackupBegin begin) =>
        begin.ControlWrittenAt >= server.Now.ToUnixTimeSeconds() - ClocksDiffer && begin.ControlWrittenAt <= begin.At.ToUnixTimeSeconds() + ClocksDiffer;

    private async Task<BackupConnection?> TryOpenAsync(CancellationToken ct)
    {
        try
        {
            return await BackupConnection.OpenSqlAsync(endpoint, request.ApplicationName, ct);
        }
        catch (BaseBackupFailedException e) when (e.Kind == BaseBackupFailure.Refused)
        {
            return null;
        }
    }

    private async Task<BackupGround?> LookAsync(BackupBracket bracket, CancellationToken ct)
    {
        try
        {
            return await bracket.LookAsync(ct) is { } ground && ground.SystemIdentifier == _earlier.Start.SystemIdentifier ? ground : null;
        }
        catch (BaseBackupFailedException e) when (e.Kind == BaseBackupFailure.Refused)
        {
            return null;
        }
    }

    private static async Task<byte[]?> AloneAsync(SemaphoreSlim gate, BackupBracket bracket, string path, long at, CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            return await bracket.ReadAsync(path, at, ct);
        }
        finally
        {
            gate.Release();
        }
    }
}
