namespace Capyd.Postgres.Wal;

/// <summary>A file is not the WAL that its name promises: damaged, cut short, of another cluster or of another place in the log.</summary>
public sealed class WalRejectedException(string file, string reason) : Exception($"{file} is refused: {reason}")
{
    public string File { get; } = file;

    public string Reason { get; } = reason;
}
