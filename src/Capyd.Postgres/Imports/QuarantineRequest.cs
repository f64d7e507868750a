using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Imports;

/// <summary>A foreign file, and what is to become of it.</summary>
/// <param name="File">Readable by the daemon; never changed.</param>
/// <param name="TargetMajor">The major version of the server that is to receive the result.</param>
/// <param name="Locale">The locale of the database that is to receive the result; null for UTF8 and C.</param>
/// <param name="AllowedExtensions">Only these are made; others in the file are skipped and reported.</param>
/// <param name="ExcludedSchemas">Left out by exact name, with what refers to them where that is possible.</param>
/// <param name="ConsumeArchive">Reads capyd's own custom-format archive to its end, which must be stored only when the load returns.</param>
public sealed record QuarantineRequest(
    string File,
    int TargetMajor,
    DatabaseLocale? Locale,
    IReadOnlySet<string> AllowedExtensions,
    IReadOnlyList<string> ExcludedSchemas,
    QuarantineLimits Limits,
    Func<Stream, CancellationToken, Task> ConsumeArchive,
    Action<ImportProgress>? Progress = null);
