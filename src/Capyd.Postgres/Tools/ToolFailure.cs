using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Tools;

/// <summary>Reads from a tool's last words whether another try is worth it.</summary>
internal static class ToolFailure
{
    private static readonly string[] TransientWords =
    [
        "connection to server", "server closed the connection", "connection refused", "the database system is",
        "terminating connection", "no space left on device", "deadlock detected", "lock timeout", "too many clients",
        "remaining connection slots", "canceling statement", "could not fork", "out of memory",
    ];

    private static readonly string[] PermanentWords = ["authentication failed", "does not exist", "no pg_hba.conf entry", "permission denied"];

    public static RetryClass Classify(string stderr) =>
        !Says(stderr, PermanentWords) && Says(stderr, TransientWords) ? RetryClass.Transient : RetryClass.Permanent;

    private static bool Says(string text, string[] words) => words.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
}
