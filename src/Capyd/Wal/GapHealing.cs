using Capyd.Postgres.Cluster;
using Capyd.Storage.BaseBackups;
using Capyd.Storage.Wal;

namespace Capyd.Wal;

/// <summary>A gap is healed by the first base backup that began after it; until there is one it is asked for.</summary>
internal sealed partial class GapHealing(MetadataDatabase metadata, IEnumerable<IBaseBackupRequests> requests, WalState state, TimeProvider clock, ILogger<GapHealing> logger) : IDueWork
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromMinutes(10);
    private readonly Deadlines _deadlines = new(clock);

    public string Name => "gaps in the kept WAL";

    public async Task TickAsync(CancellationToken stopping)
    {
        if (state.Lineage?.System.ToString() is not { } system)
        {
            return;
        }

        var open = metadata.Read(session => WalGapStore.ListOpen(session)).Where(gap => gap.SystemIdentifier == system).ToList();
        var backups = open.Count > 0 ? metadata.Read(session => BaseBackupStore.ListUsable(session, system)) : [];
        foreach (var gap in open.ToList())
        {
            if (backups.FirstOrDefault(backup => Heals(backup, gap)) is { } backup)
            {
                await metadata.WriteAsync(tx => WalGapStore.Heal(tx, gap.Id, backup.Id, clock.GetUtcNow()), stopping);
                LogHealed(gap.FromLsn, gap.ToLsn, backup.Id);
                open.Remove(gap);
            }
        }

        state.OpenGaps = open.Count;
        if (open.Any(gap => gap.ToLsn is not null) && state.IsStreaming && state.Pressure < WalPressure.Urgent && _deadlines.IsDue("ask"))
        {
            await AskAsync(stopping);
        }
    }

    /// <summary>A server that was promoted meanwhile writes on a later timeline.</summary>
    private static bool Heals(BaseBackupRow backup, WalGapRow gap) =>
        gap.ToLsn is { } to && backup.Timeline >= gap.Timeline && Lsn.Parse(backup.StartLsn!) >= Lsn.Parse(to);

    private async Task AskAsync(CancellationToken stopping)
    {
        _deadlines.Put("ask", AskEvery);
        foreach (var request in requests)
        {
            await request.AskForGapAsync(stopping);
        }
    }

    [LoggerMessage(9070, LogLevel.Information, "the gap in the kept WAL from {From} to {To} is healed by base backup {Backup}")]
    private partial void LogHealed(string from, string? to, BaseBackupId backup);
}
