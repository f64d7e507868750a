using System.Globalization;
using System.Text;
using Capyd.Postgres.Wal;

namespace Capyd.Repository;

/// <summary>What of a repository can be recovered.</summary>
/// <param name="Unreadable">Base backups whose manifest is damaged.</param>
internal sealed record RecoverListing(IReadOnlyList<ListedServer> Servers, IReadOnlyList<string> Unreadable, IReadOnlyList<ListedSnapshot> Metadata)
{
    public static async Task<RecoverListing> ReadAsync(KeptRepository repository, CancellationToken cancellation)
    {
        var servers = new List<ListedServer>();
        foreach (var lineage in await repository.LineagesAsync(cancellation))
        {
            var log = await KeptLog.ReadAsync(repository.Wal, lineage, RescuedWal.None, cancellation);
            servers.Add(await ReadAsync(repository, log, cancellation));
        }

        var snapshots = (await repository.Snapshots.ListAsync(cancellation)).Select(
            static snapshot => new ListedSnapshot(snapshot.Name.ToString(), snapshot.System?.ToString(), snapshot.At, snapshot.Bytes));
        return new RecoverListing(servers, repository.Unreadable, [.. snapshots]);
    }

    public string Text()
    {
        var text = new StringBuilder();
        foreach (var server in Servers)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"server {server.System}, PostgreSQL {server.Major}");
            foreach (var backup in server.BaseBackups)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  base backup {backup.Name}  {ByteText.Of(backup.Bytes)}  timeline {backup.Timeline}");
                text.AppendLine($"    can be recovered {RecoverPlanner.Text(backup.From)} to {(backup.To is { } to ? RecoverPlanner.Text(to) : "(nothing: its WAL is missing)")}{(backup.Problem is null ? "" : $"; {backup.Problem}")}");
            }

            text.AppendLine($"  WAL {(server.Wal.Count == 0 ? "none" : string.Join(", ", server.Wal))}");
            text.AppendLine($"  capyd's metadata: {Copies(server.System)}");
        }

        foreach (var problem in Unreadable)
        {
            text.AppendLine($"damaged: {problem}");
        }

        return text.Append(Servers.Count == 0 ? "no base backup and no WAL of any server" : "").ToString().TrimEnd();
    }

    private string Copies(string system)
    {
        var mine = Metadata.Where(copy => copy.System is null || copy.System == system).ToList();
        return mine.Count == 0 ? "no copy" : $"{mine.Count} {(mine.Count == 1 ? "copy" : "copies")}, the newest {mine[^1].At:yyyy-MM-dd'T'HH:mm:ss'Z'}";
    }

    private static async Task<ListedServer> ReadAsync(KeptRepository repository, KeptLog log, CancellationToken cancellation)
    {
        var backups = new List<ListedBackup>();
        foreach (var backup in repository.BackupsOf(log.Lineage.System))
        {
            backups.Add(await ReadAsync(log, backup, cancellation));
        }

        var pieces = log.Timelines.SelectMany(timeline => log.Ranges.Of(timeline).Select(range => $"timeline {timeline}: {range}"));
        return new ListedServer(log.Lineage.System.ToString(), log.Lineage.Major, backups, [.. pieces]);
    }

    /// <summary>How far it goes, along the newest timeline that leads on from it.</summary>
    private static async Task<ListedBackup> ReadAsync(KeptLog log, KeptBackup backup, CancellationToken cancellation)
    {
        var timeline = log.Timelines.Where(one => log.History(one).Descends(backup.Timeline, backup.Stop)).Append(backup.Timeline).Max();
        var stretch = log.Stretch(log.History(timeline), backup.Start);
        var (to, problem) = ((DateTimeOffset?)null, stretch.IsHole ? $"{stretch.Missing} is missing" : null);
        try
        {
            to = stretch.Segments.Count == 0 || (stretch.Missing.Start < backup.Stop && !stretch.Segments[^1].IsPartial)
                ? null
                : (await new LogReading(log).LastCommitAsync(stretch.Segments, cancellation))?.At is { } last && last > backup.Facts.StopAt ? last : backup.Facts.StopAt;
        }
        catch (WalRejectedException e)
        {
            problem = e.Message;
        }

        return new ListedBackup(backup.Name, backup.Facts.CompletedAt, backup.Header.LogicalBytes, timeline.ToString(), backup.Facts.StopAt, to, problem);
    }
}

/// <param name="Wal">Pieces without a hole.</param>
internal sealed record ListedServer(string System, int Major, IReadOnlyList<ListedBackup> BaseBackups, IReadOnlyList<string> Wal);

/// <param name="To">The last commit that is reached from it; null when not even its own WAL is whole.</param>
internal sealed record ListedBackup(string Name, DateTimeOffset CompletedAt, long Bytes, string Timeline, DateTimeOffset From, DateTimeOffset? To, string? Problem);

/// <param name="System">The server that it is about; null where an older capyd did not say so.</param>
internal sealed record ListedSnapshot(string Name, string? System, DateTimeOffset At, long Bytes);
