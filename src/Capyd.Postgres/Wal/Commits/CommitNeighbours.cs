namespace Capyd.Postgres.Wal.Commits;

/// <summary>The commits around a moment, in the order of the log, which is the order recovery goes by.</summary>
/// <param name="AtOrBefore">The last commit that recovery to the moment contains; null when none is in the segments given.</param>
/// <param name="After">The first commit that it leaves out; null when there is none.</param>
/// <param name="CanStop">Whether recovery finds a reason to stop: PostgreSQL compares a time target only with commits and
/// rollbacks, and fails when none is later.</param>
public sealed record CommitNeighbours(TransactionEnd? AtOrBefore, TransactionEnd? After, bool CanStop);
