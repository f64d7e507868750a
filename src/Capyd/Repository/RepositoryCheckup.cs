using Capyd.Postgres.Wal;
using Capyd.Storage.Repository.Chunks;

namespace Capyd.Repository;

/// <summary>Looks at everything in the repository and says what of it can no longer be restored or recovered.</summary>
/// <param name="promise">What the metadata promise at the moment of the call: a daemon may let go of something meanwhile.</param>
internal sealed class RepositoryCheckup(KeptRepository repository, Func<PromisedRows> promise, bool readData, ProgressLine progress)
{
    private readonly PromisedRows _promised = promise();

    public async Task<CheckReport> RunAsync(CancellationToken cancellation)
    {
        var chunks = await repository.Chunks.CheckAsync(readData, share => progress.Show("base backups", share), cancellation);
        var unusable = await UnusableAsync(chunks, cancellation);
        var archives = new ArchiveCheck(repository.Objects, readData);
        var backups = await archives.RunAsync(_promised.BackupKeys, share => progress.Show("backups", share), cancellation);
        var snapshots = await repository.Snapshots.ListAsync(cancellation);
        var report = new CheckReport(readData, new CheckCounts(repository.Backups.Count, chunks.Packs, 0, archives.Count, snapshots.Count)) { Backups = [.. backups] };
        var files = 0;
        foreach (var lineage in await repository.LineagesAsync(cancellation))
        {
            files += await CheckServerAsync(lineage, unusable, report, cancellation);
        }

        report.BaseBackups.AddRange(repository.Unreadable.Select(problem => new CheckFinding("unknown", problem)));
        report.BaseBackups.AddRange(unusable.Select(one => new CheckFinding(one.Key, one.Value, AsOf(one.Key))));
        report.Metadata.AddRange(await CheckCopiesAsync(snapshots, cancellation));
        progress.End();
        return report with { Checked = report.Checked with { WalFiles = files } };
    }

    private async Task<int> CheckServerAsync(WalLineage lineage, Dictionary<string, string> unusable, CheckReport report, CancellationToken cancellation)
    {
        var wal = new WalCheck(await KeptLog.ReadAsync(repository.Wal, lineage, RescuedWal.None, cancellation));
        if (readData)
        {
            await wal.ReadAsync(share => progress.Show("WAL", share), cancellation);
        }

        var (reachable, unreachable) = await new ReachCheck(wal, repository.BackupsOf(lineage.System), unusable).RunAsync(cancellation);
        report.Reachable.AddRange(reachable.Select(span => span with { Reason = null }));
        report.Unreachable.AddRange(unreachable);
        report.Wal.AddRange(wal.Findings(_promised.Ranges.GetValueOrDefault(lineage.System), promise().Ranges.GetValueOrDefault(lineage.System)));
        return wal.Log.Files.Count;
    }

    private DateTimeOffset? AsOf(string name) =>
        repository.Backups.FirstOrDefault(backup => backup.Name == name)?.Facts.StopAt ?? _promised.BaseBackups.FirstOrDefault(row => row.Name == name)?.StopAt;

    /// <summary>Base backups that lack something, by name, and what.</summary>
    private async Task<Dictionary<string, string>> UnusableAsync(RepositoryCheck chunks, CancellationToken cancellation)
    {
        var unusable = chunks.UnusableBackups.ToDictionary(
            one => one.Name, one => $"{one.MissingChunks} pieces of its files are missing or damaged, the first in {string.Join(", ", one.Files)}", StringComparer.Ordinal);
        foreach (var name in repository.Backups.Select(backup => backup.Name))
        {
            try
            {
                (await repository.Chunks.OpenManifestAsync(name, cancellation)).Dispose();
            }
            catch (RepositoryDamagedException e)
            {
                unusable[name] = e.Message;
            }
        }

        // A manifest whose header is damaged is among those that cannot be read, where its name is told.
        foreach (var row in _promised.BaseBackups.Where(row => repository.Backups.All(kept => kept.Name != row.Name)))
        {
            unusable.TryAdd(row.Name, "its manifest is missing or damaged");
        }

        return unusable;
    }

    private async Task<IReadOnlyList<CheckFinding>> CheckCopiesAsync(IReadOnlyList<MetadataSnapshot> snapshots, CancellationToken cancellation)
    {
        var findings = new List<CheckFinding>();
        foreach (var snapshot in readData ? snapshots : [])
        {
            try
            {
                await using var content = await repository.Snapshots.OpenAsync(snapshot, cancellation);
                await content.CopyToAsync(Stream.Null, cancellation);
            }
            catch (InvalidDataException e)
            {
                findings.Add(new CheckFinding(snapshot.Name.ToString(), e.Message, snapshot.At));
            }
        }

        return findings;
    }
}
