using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Wal.Commits;

/// <summary>A transaction that wrote something ended here.</summary>
/// <param name="Lsn">Where its record begins, as pg_waldump shows it.</param>
/// <param name="At">The server's clock, in microseconds. Neighbours in the log may be out of order by a little.</param>
public readonly record struct TransactionEnd(Lsn Lsn, DateTimeOffset At, uint Xid, bool Committed);
