using Capyd.Postgres.Cluster;

namespace Capyd.Recovery;

/// <summary>A piece of WAL that is missing for good.</summary>
/// <param name="To">Null while nothing has arrived again.</param>
internal sealed record KeptGap(TimelineId Timeline, Lsn From, Lsn? To, string Reason, DateTimeOffset RecordedAt);
