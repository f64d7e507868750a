using System.Collections.Frozen;
using Capyd.Postgres.BaseBackups;
using Capyd.Postgres.Tools;
using Capyd.Postgres.Wal;
using Capyd.Postgres.Wal.Commands;

namespace Capyd.Postgres.Recovery;

/// <summary>
/// Recovers a whole cluster that stays: the base backup in its data directory is rolled forward to the target by a server that only
/// capyd can reach, promoted to a timeline of its own, and stopped cleanly. Everything is durable when it has ended.
/// </summary>
public sealed class ClusterRecovery(ClusterRecoverySettings settings, PostgresInstallation installation, ToolRunner runner)
{
    /// <summary>Call it once.</summary>
    /// <param name="request">Its restore_command asks at <see cref="ClusterRecoverySettings.WalSocket"/>.</param>
    /// <param name="look">What the archive has.</param>
    /// <param name="report">Called for every file that is fetched.</param>
    /// <exception cref="ToolFailedException">The data directory has no sound pg_control, or the server did not stop cleanly.</exception>
    public async Task<ClusterRecoveryResult> RunAsync(
        RecoveryRequest request,
        WalLineage lineage,
        Func<WalFileName, CancellationToken, Task<WalLookup>> look,
        Action<RecoveryProgress>? report,
        CancellationToken cancellationToken)
    {
        await PrepareAsync(request, cancellationToken);
        await using var wal = WalSocketServer.Start(settings.WalSocket, settings.Wal, lineage, look, FrozenSet<uint>.Empty);
        var log = new RecoveryLog(report);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var server = runner.RunAsync(Server(), new ToolStreams { StderrLine = log.Take }, stop.Token);
        if (await Task.WhenAny(server, log.Ready) != log.Ready)
        {
            var outcome = await server;
            return new ClusterRecoveryResult(Failure(log, wal.Failure, log.Kind, log.Fatal ?? outcome.StderrTail.Trim()), []);
        }

        await StopAsync(server, cancellationToken);
        return log.LastRecord < request.RequiredLsn || (request.RequiredLsn is not null && log.LastRecord is null)
            ? new ClusterRecoveryResult(Failure(log, wal.Failure, RecoveryFailureKind.StoppedEarly, $"it ended at {log.LastRecord?.ToString() ?? "its beginning"}, but WAL up to {request.RequiredLsn} was required."), [])
            : new ClusterRecoveryResult(
                new RecoveryResult.Reached(log.LastRecord, log.LastCommitAt, log.StoppedBecause), await CompleteAsync(cancellationToken));
    }

    /// <summary>Ends what an earlier recovery of this directory, which was killed, has left running.</summary>
    public static Task EndLeftoversAsync(string dataDirectory, TimeProvider clock, CancellationToken cancellationToken) =>
        SandboxProcesses.EndAsync(Path.GetFullPath(dataDirectory), clock, cancellationToken);

    private async Task PrepareAsync(RecoveryRequest request, CancellationToken cancellationToken)
    {
        var control = await ControlData.ReadAsync(settings.DataDirectory, installation, runner, settings.ToolUser, cancellationToken);
        Directory.CreateDirectory(settings.Configuration);
        foreach (var stale in (string[])["standby.signal", "postmaster.pid", "postmaster.opts", "current_logfiles"])
        {
            File.Delete(Path.Combine(settings.DataDirectory, stale));
        }

        foreach (var left in (string[])[settings.Run, settings.Wal])
        {
            if (Directory.Exists(left))
            {
                Directory.Delete(left, recursive: true);
            }
        }

        // Read whatever configuration is named, so it has to be out of the way.
        var altered = Path.Combine(settings.DataDirectory, "postgresql.auto.conf");
        File.WriteAllText(settings.KeptSettings, File.Exists(altered) ? await File.ReadAllTextAsync(altered, cancellationToken) : "");
        await File.WriteAllTextAsync(altered, "", cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(settings.DataDirectory, "recovery.signal"), "", cancellationToken);
        ClusterRecoveryConfiguration.Write(settings, request, installation.Major, control);
        await OwnedDirectory.GiveAsync(runner, settings.DataDirectory, settings.ToolUser, cancellationToken);
        await OwnedDirectory.CreateAsync(runner, settings.Configuration, settings.ToolUser, cancellationToken);
        await OwnedDirectory.CreateAsync(runner, settings.Run, settings.ToolUser, cancellationToken);
    }

    private ToolCommand Server() =>
        new(installation.PathOf("postgres"), ["-D", settings.DataDirectory, "-c", $"config_file={settings.MainFile}"])
        {
            RunAs = settings.ToolUser, Environment = settings.Environment,
        };

    /// <summary>A clean stop writes everything out; it may take as long as that takes.</summary>
    private async Task StopAsync(Task<ToolOutcome> server, CancellationToken cancellationToken)
    {
        var command = new ToolCommand(installation.PathOf("pg_ctl"), ["stop", "--pgdata", settings.DataDirectory, "--mode", "fast", "--wait", "--timeout", "86400", "--silent"])
        {
            RunAs = settings.ToolUser,
        };
        (await runner.RunAsync(command, ToolStreams.None, cancellationToken)).EnsureSuccess(command);
        (await server).EnsureSuccess(Server());
    }

    private async Task<IReadOnlyList<string>> CompleteAsync(CancellationToken cancellationToken)
    {
        var control = await ControlData.ReadAsync(settings.DataDirectory, installation, runner, settings.ToolUser, cancellationToken);
        var written = RecoveredConfiguration.Complete(settings, control);
        await OwnedDirectory.GiveAsync(runner, settings.DataDirectory, settings.ToolUser, cancellationToken);
        foreach (var name in written.Append("postgresql.auto.conf"))
        {
            using var file = File.OpenHandle(Path.Combine(settings.DataDirectory, name), FileMode.Open, FileAccess.ReadWrite);
            RandomAccess.FlushToDisk(file);
        }

        DirectorySync.Run(settings.DataDirectory);
        return written;
    }

    private static RecoveryResult.Failed Failure(RecoveryLog log, string? archive, RecoveryFailureKind kind, string cause)
    {
        var reached = log.LastCommitAt is { } at ? $" The last transaction that was replayed ended at {at:yyyy-MM-dd HH:mm:ss.ffffff}Z." : "";
        var foreign = kind == RecoveryFailureKind.ArchiveUnreadable && (archive ?? log.Foreign) is { } words ? $" {words}" : "";
        return new RecoveryResult.Failed(kind, $"The recovery failed: {cause}{foreign}{reached}", log.LastRecord, log.LastCommitAt);
    }
}
