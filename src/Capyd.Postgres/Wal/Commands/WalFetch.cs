namespace Capyd.Postgres.Wal.Commands;

/// <summary>
/// restore_command. Its exit codes decide between "the archive ends here" and "stop": PostgreSQL takes 1 to 125 for the end
/// of the archive and promotes. So 0 is "here it is", 1 is only "not in the archive", and everything else is 255.
/// </summary>
public static class WalFetch
{
    public const int Delivered = 0;
    public const int NotInArchive = 1;
    public const int Failed = 255;

    /// <param name="name">%f</param>
    /// <param name="destination">%p</param>
    /// <param name="error">Told what is wrong, in one line.</param>
    /// <returns>The exit code. Never throws.</returns>
    public static Task<int> RunAsync(
        string name,
        string destination,
        WalLineage lineage,
        Func<WalFileName, CancellationToken, Task<WalLookup>> look,
        Action<string> error,
        CancellationToken cancellationToken) =>
        new WalDelivery(lineage, look, null).RunAsync(name, destination, error, cancellationToken);
}
