using System.Net.Sockets;
using Npgsql;

namespace Capyd.Postgres.Cluster;

/// <summary>Turns what the driver throws into <see cref="PostgresFailedException"/>; the one place that does.</summary>
internal static class PostgresFailure
{
    /// <param name="doing">What was tried, as the middle of a sentence: "create database x".</param>
    public static async Task<T> GuardAsync<T>(string doing, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (IsFromServer(e))
        {
            throw From(e, doing);
        }
    }

    public static Task GuardAsync(string doing, Func<Task> work) =>
        GuardAsync(doing, async () =>
        {
            await work();
            return true;
        });

    public static bool IsFromServer(Exception e) => e is NpgsqlException or SocketException;

    public static PostgresFailedException From(Exception e, string doing) => e switch
    {
        PostgresException p => new($"Could not {doing}: {Sentence(p)}", p.SqlState, Classify(p.SqlState), p),
        _ => new($"Could not {doing}: {Innermost(e).Message}", null, RetryClass.Transient, e),
    };

    private static string Sentence(PostgresException p) =>
        string.Join(". ", new[] { p.MessageText, p.Hint }.Where(static part => !string.IsNullOrEmpty(part))) + $" (SQLSTATE {p.SqlState})";

    private static Exception Innermost(Exception e) => e.InnerException is null ? e : Innermost(e.InnerException);

    internal static RetryClass Classify(string sqlState) => sqlState switch
    {
        ['0', '8', ..] or ['5', '3', ..] or ['4', '0', ..] => RetryClass.Transient,
        ['5', '7', 'P', '0', ..] or "57014" => RetryClass.Transient,
        PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.ObjectInUse => RetryClass.Transient,
        _ => RetryClass.Permanent,
    };
}
