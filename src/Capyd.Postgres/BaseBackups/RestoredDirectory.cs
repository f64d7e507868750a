namespace Capyd.Postgres.BaseBackups;

/// <summary>What was written out.</summary>
/// <param name="WrittenBytes">Plain bytes that were copied.</param>
/// <param name="SkippedBytes">Sizes of the files that became holes.</param>
public sealed record RestoredDirectory(string Path, long Files, long WrittenBytes, long SkippedBytes);
