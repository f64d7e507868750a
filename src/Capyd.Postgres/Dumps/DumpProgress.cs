namespace Capyd.Postgres.Dumps;

/// <summary>How far a dump is.</summary>
/// <param name="ArchiveBytes">Bytes that pg_dump has written.</param>
/// <param name="Fraction">Estimated share, 0 to 1, from the size of the tables.</param>
public sealed record DumpProgress(long ArchiveBytes, double Fraction);
