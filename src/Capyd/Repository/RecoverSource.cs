using Capyd.Postgres.Wal;

namespace Capyd.Repository;

/// <summary>What there is of one server: its base backups, and its WAL.</summary>
internal sealed record RecoverSource(KeptLog Log, IReadOnlyList<KeptBackup> Backups)
{
    /// <exception cref="CapydException">404: nothing is kept of that server, or of any. 400: several servers have base backups, and none is named.</exception>
    public static async Task<RecoverSource> FindAsync(KeptRepository repository, string? system, string? rescued, CancellationToken cancellation)
    {
        var all = await repository.LineagesAsync(cancellation);
        RefuseToGuess(repository, system);
        var lineage = (system is null ? all.LastOrDefault() : all.FirstOrDefault(one => one.System.ToString() == system))
            ?? throw new CapydException(ErrorCode.NotFound, system is null
                ? "the repository holds neither base backups nor WAL"
                : $"nothing of a server {system} is kept; there is {string.Join(", ", all.Select(one => one.System))}", "logical backups are restored with pg_restore: see backups/");
        var saved = rescued is null ? RescuedWal.None : await RescuedWal.ReadAsync(rescued, lineage, cancellation);
        return new RecoverSource(await KeptLog.ReadAsync(repository.Wal, lineage, saved, cancellation), repository.BackupsOf(lineage.System));
    }

    public WalLineage Lineage => Log.Lineage;

    /// <summary>The newest of them may be a new, empty server that was started on the lost one's repository.</summary>
    private static void RefuseToGuess(KeptRepository repository, string? system)
    {
        var servers = repository.Backups.GroupBy(backup => backup.System).ToList();
        if (system is null && servers.Count > 1)
        {
            var list = servers.Select(of => $"{of.Key} ({of.Count()}, the last of {RecoverPlanner.Text(of.Last().Facts.StopAt)}, {ByteText.Of(of.Last().Header.LogicalBytes)})");
            throw CapydException.Invalid($"base backups of {servers.Count} servers are kept: {string.Join(", ", list)}", "say which with --system; capyd recover --list shows what each leads to");
        }
    }
}
