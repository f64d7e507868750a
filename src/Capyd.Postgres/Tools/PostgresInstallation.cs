namespace Capyd.Postgres.Tools;

/// <summary>The programs of one PostgreSQL major version.</summary>
/// <param name="HasServer">Whether initdb, pg_ctl and postgres are there, not only the clients.</param>
public sealed record PostgresInstallation(int Major, string BinDirectory, bool HasServer)
{
    /// <summary>The full path of a program, for example pg_dump.</summary>
    public string PathOf(string program) => Path.Combine(BinDirectory, program);
}
