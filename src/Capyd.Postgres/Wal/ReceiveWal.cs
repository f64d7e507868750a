using System.Globalization;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Wal;

/// <summary>The command line of pg_receivewal, and what its last words mean.</summary>
internal static class ReceiveWal
{
    /// <summary>The server cannot give what the spool or the slot asks for, now or later.</summary>
    private static readonly string[] Broken =
    [
        "has already been removed", "is not in this server's history", "is ahead of the WAL flush position",
        "has been invalidated", "cannot read from physical replication slot", "does not match server timeline",
    ];

    /// <param name="synchronous">Whether commits may wait for it. If not, it brings a segment to the disk when that is complete, and whoever
    /// reads the one that grows does so before: measured, bringing each write there costs a busy server an eighth of its transactions.</param>
    public static ToolCommand Command(WalReceiverSettings settings, ClusterEndpoint endpoint, PostgresInstallation installation, bool synchronous) => new(
        installation.PathOf("pg_receivewal"),
        [
            ReceiverProcesses.DirectoryArgument(settings.SpoolDirectory), $"--slot={settings.SlotName}",
            "--no-loop", "--no-password", "--status-interval=1", .. synchronous ? ["--synchronous"] : Array.Empty<string>(),
        ])
    {
        RunAs = endpoint.ToolUser,
        Environment = new Dictionary<string, string>
        {
            ["PGHOST"] = endpoint.SocketDirectory,
            ["PGPORT"] = endpoint.Port.ToString(CultureInfo.InvariantCulture),
            ["PGUSER"] = endpoint.AdminRole,
            ["PGAPPNAME"] = settings.ApplicationName,
            ["PGCONNECT_TIMEOUT"] = "15",
        },
    };

    public static WalReceiverEvent Explain(string stderr, TimeSpan retryIn)
    {
        var words = string.Join(" | ", stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(3));
        return Broken.Any(reason => words.Contains(reason, StringComparison.Ordinal))
            ? new WalReceiverEvent.ChainBroken(words)
            : new WalReceiverEvent.Interrupted(
                words.Contains("no pg_hba.conf entry", StringComparison.Ordinal)
                    ? words + " Allow replication over the socket in pg_hba.conf: local replication all peer"
                    : words.Length > 0 ? words : "it ended without a word.",
                retryIn);
    }
}
