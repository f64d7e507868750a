namespace Capyd.Postgres.Wal.Commands;

/// <summary>An answer to a restore_command.</summary>
/// <param name="Path">A file with the proven content; null unless the exit code is 0.</param>
internal sealed record ReadyWal(int ExitCode, string? Path, string? Error);
