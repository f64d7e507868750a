namespace Capyd.Postgres.Clones;

/// <summary>
/// Tells a worker of autovacuum that waits to enter a database from a client: until it is in, no view of the server's knows
/// it, but its title does. Where the processes cannot be seen, nobody is one.
/// </summary>
internal static class AutovacuumWorker
{
    public static bool Is(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Contains("autovacuum worker", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
