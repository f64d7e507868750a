using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Imports;

/// <summary>Reads from a tool's last words why a foreign server could not be used.</summary>
internal static class RemoteFailure
{
    private static readonly (RemoteFailureKind Kind, string[] Words, string Advice)[] Signs =
    [
        (RemoteFailureKind.LoginRefused,
            ["password authentication failed", "no pg_hba.conf entry", "no password supplied", "role \"", "is not permitted to log in", "authentication method"],
            "Check user and password, and that the source admits this host."),
        (RemoteFailureKind.DatabaseMissing, ["database \""], "Check the database's name."),
        (RemoteFailureKind.Tls, ["SSL", "certificate", "channel binding"], "Check sslmode, and the source's certificate."),
        (RemoteFailureKind.PermissionDenied, ["permission denied"], "Grant the role the right to read it, or import as its owner."),
        (RemoteFailureKind.Unreachable,
            [
                "timeout expired", "Connection refused", "No route to host", "unreachable", "server closed the connection", "Connection reset",
                "Connection timed out", "could not receive data", "could not send data", "terminating connection", "the database system is",
                "too many clients", "remaining connection slots", "SSL connection has been closed", "SSL SYSCALL",
            ],
            "Check that the source runs and can be reached from here; then try again."),
    ];

    /// <param name="doing">What was tried: "connect to", "dump".</param>
    public static RemoteFailedException From(string doing, RemoteSource source, string stderr)
    {
        var words = LastLine(stderr);
        var lost = Signs[^1].Words.Any(w => stderr.Contains(w, StringComparison.Ordinal)) && !Says(stderr, Signs[0].Words);
        var (kind, advice) = lost ? (Signs[^1].Kind, Signs[^1].Advice) : Recognise(stderr);
        var retry = kind == RemoteFailureKind.Unreachable ? RetryClass.Transient : RetryClass.Permanent;
        return new RemoteFailedException(kind, $"Could not {doing} the source {source.Host}:{source.Port}: {words} {advice}".TrimEnd(), retry);
    }

    private static (RemoteFailureKind Kind, string Advice) Recognise(string stderr)
    {
        var sign = Array.Find(Signs, s => Says(stderr, s.Words));
        return sign.Words is null ? (RemoteFailureKind.Unusable, "") : (sign.Kind, sign.Advice);
    }

    private static bool Says(string text, string[] words) => Array.Exists(words, w => text.Contains(w, StringComparison.Ordinal));

    /// <summary>The line with the error; what follows it (the query) helps nobody.</summary>
    private static string LastLine(string stderr)
    {
        var lines = stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var line = Array.Find(lines, static l => l.Contains("rror:", StringComparison.Ordinal) || l.Contains("FATAL:", StringComparison.Ordinal));
        var text = LatinText.Flat(line ?? lines.LastOrDefault() ?? "it said nothing.");
        return text.EndsWith('.') ? text : text + ".";
    }
}
