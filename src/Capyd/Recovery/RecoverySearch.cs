using Capyd.Postgres.Wal;

namespace Capyd.Recovery;

/// <summary>Where a moment is looked for.</summary>
/// <param name="Bases">Newest first.</param>
/// <param name="Histories">Newest first.</param>
/// <param name="KnownUntil">Every commit up to this moment is here; null when nothing is known.</param>
internal sealed record RecoverySearch(
    WalLineage Lineage, IReadOnlyList<RecoveryBase> Bases, IReadOnlyList<TimelineHistory> Histories, DateTimeOffset? KnownUntil);
