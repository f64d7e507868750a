using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Wal;

/// <summary>A line of a history file.</summary>
/// <param name="Parent">The timeline that was left.</param>
/// <param name="At">The first position that is no longer of the parent.</param>
public sealed record TimelineSwitch(TimelineId Parent, Lsn At, string Reason);
