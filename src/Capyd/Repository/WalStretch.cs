using Capyd.Postgres.Wal;

namespace Capyd.Repository;

/// <summary>A piece of WAL without a hole.</summary>
/// <param name="Segments">In the order in which recovery reads them; empty when already the first is missing.</param>
/// <param name="Missing">The first that is not there, or of which only the beginning is.</param>
/// <param name="IsHole">Whether something later is there: then it is missing, and not only yet to come.</param>
internal sealed record WalStretch(IReadOnlyList<KeptSegment> Segments, WalSegmentName Missing, bool IsHole);
