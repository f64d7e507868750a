using Capyd.Postgres.Wal;

namespace Capyd.Repository;

/// <summary>What there is of one server: its base backups, and its WAL.</summary>
internal sealed record RecoverSource(KeptLog Log, IReadOnlyList<KeptBackup> Backups)
{
    /// <exception cref="CapydException">404: nothing is kept of that server, or of any.</exception>
    public static async Task<RecoverSource> FindAsync(KeptRepository repository, string? system, string? rescued, CancellationToken cancellation)
    {
        var all = await repository.LineagesAsync(cancellation);
        var lineage = (system is null ? all.Count > 0 ? all[^1] : null : all.FirstOrDefault(one => one.System.ToString() == system))
            ?? throw new CapydException(ErrorCode.NotFound, system is null
                ? "the repository holds neither base backups nor WAL"
                : $"nothing of a server {system} is kept; there is {string.Join(", ", all.Select(one => one.System))}", "logical backups are restored with pg_restore: see backups/");
        var saved = rescued is null ? RescuedWal.None : await RescuedWal.ReadAsync(rescued, lineage, cancellation);
        return new RecoverSource(await KeptLog.ReadAsync(repository.Wal, lineage, saved, cancellation), repository.BackupsOf(lineage.System));
    }

    public WalLineage Lineage => Log.Lineage;
}
