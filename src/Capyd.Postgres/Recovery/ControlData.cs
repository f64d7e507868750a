using System.Globalization;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Recovery;

/// <summary>What pg_controldata says of a data directory.</summary>
public sealed class ControlData
{
    private static readonly string[] MinimumNames =
        ["max_connections", "max_worker_processes", "max_wal_senders", "max_prepared_xacts", "max_locks_per_xact"];

    private readonly Dictionary<string, string> _lines;

    private ControlData(Dictionary<string, string> lines) => _lines = lines;

    public SystemIdentifier System => SystemIdentifier.Parse(Text("Database system identifier"));

    /// <summary>The timeline of the checkpoint that recovery begins at.</summary>
    public TimelineId Timeline => new(Number("Latest checkpoint's TimeLineID"));

    /// <summary>Where recovery begins to read.</summary>
    public Lsn Redo => Lsn.Parse(Text("Latest checkpoint's REDO location"));

    /// <summary>For example "in archive recovery".</summary>
    public string State => Text("Database cluster state");

    /// <summary>What a recovering server must have at least.</summary>
    internal IEnumerable<(string Name, string Value)> Minimums =>
        MinimumNames.Select(name => (name.Replace("xact", "transaction", StringComparison.Ordinal), Text($"{name} setting")));

    /// <exception cref="ToolFailedException">The directory has no sound pg_control.</exception>
    public static async Task<ControlData> ReadAsync(
        string dataDirectory, PostgresInstallation installation, ToolRunner runner, string? toolUser, CancellationToken cancellationToken)
    {
        var command = new ToolCommand(installation.PathOf("pg_controldata"), [$"--pgdata={dataDirectory}"]) { RunAs = toolUser };
        var outcome = (await runner.RunAsync(command, ToolStreams.None, cancellationToken)).EnsureSuccess(command);
        var lines = outcome.StdoutTail.Split('\n').Select(static line => line.Split(':', 2)).Where(static parts => parts.Length == 2);
        return new ControlData(lines.ToDictionary(static parts => parts[0], static parts => parts[1].Trim()));
    }

    private string Text(string name) =>
        _lines.GetValueOrDefault(name) ?? throw new FormatException($"pg_controldata says nothing of \"{name}\".");

    private uint Number(string name) => uint.Parse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture);
}
