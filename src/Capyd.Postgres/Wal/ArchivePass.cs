namespace Capyd.Postgres.Wal;

/// <summary>What one look into the spool brought.</summary>
/// <param name="Rejected">Files that were not what they promised; they lie in the spool's directory "rejected", and the log has
/// a gap there until a new base backup.</param>
/// <param name="Remaining">Files that were there and were left for the next pass.</param>
public sealed record ArchivePass(IReadOnlyList<ArchivedWal> Archived, IReadOnlyList<WalRejectedException> Rejected, int Remaining);
