using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Recovery;

/// <summary>
/// A private server that recovers a copied data directory and is thrown away: reachable only through a socket in a
/// directory of mode 0700, without fsync, archiving, preloaded libraries and workers.
/// </summary>
public sealed class RecoverySandbox(SandboxSettings settings, PostgresInstallation installation, ToolRunner runner) : IAsyncDisposable
{
    private static readonly TimeSpan BetweenDiskChecks = TimeSpan.FromSeconds(1);

    private readonly SandboxLayout _layout = new(settings.Directory);
    private CancellationTokenSource? _stop;
    private Task<ToolOutcome>? _server;
    private Task _floor = Task.CompletedTask;

    /// <summary>Where the base backup is to be written before <see cref="RecoverAsync"/>.</summary>
    public string DataDirectory => _layout.Data;

    /// <summary>A directory that the sandbox's OS user may enter once <see cref="PrepareSocketDirectoryAsync"/> was called.</summary>
    public string SocketDirectory => _layout.Run;

    /// <summary>Where the recovered server is reached.</summary>
    public ClusterEndpoint Endpoint => new(_layout.Run, settings.Port, settings.AdminRole, settings.ToolUser, _layout.Run);

    /// <summary>The server was ended, be it while it recovered or later, because the disk was filling up.</summary>
    public bool StoppedForDiskSpace { get; private set; }

    /// <summary>Makes the directory of sockets before the server does, for the one that its restore_command asks.</summary>
    public Task PrepareSocketDirectoryAsync(CancellationToken cancellationToken) =>
        OwnedDirectory.CreateAsync(runner, _layout.Run, settings.ToolUser, cancellationToken);

    /// <summary>Recovers and returns when the server takes logins, or failed and is gone. Call it once.</summary>
    /// <param name="report">Called for every file that is fetched.</param>
    /// <exception cref="ToolFailedException">The data directory has no sound pg_control.</exception>
    public async Task<RecoveryResult> RecoverAsync(
        RecoveryRequest request, Action<RecoveryProgress>? report, CancellationToken cancellationToken)
    {
        await PrepareAsync(request, cancellationToken);
        var log = new RecoveryLog(report);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _server = runner.RunAsync(
            SandboxCommand.Of(_layout, installation, settings), new ToolStreams { StderrLine = log.Take }, _stop.Token);
        _floor = StopAtDiskFloorAsync(_stop);
        if (await Task.WhenAny(_server, log.Ready) == log.Ready)
        {
            return await JudgeAsync(request, log);
        }

        await StopAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return StoppedForDiskSpace
            ? Failure(log, RecoveryFailureKind.DiskSpace, $"fewer than {settings.DiskFloorBytes} bytes were left in {_layout.Root}; free space and try again.")
            : Failure(log, log.Kind, log.Fatal ?? (await _server).StderrTail.Trim());
    }

    /// <summary>Ends the server. Nothing when it does not run.</summary>
    public async Task StopAsync()
    {
        if (_stop is not null && _server is not null)
        {
            // Walls pass no signal on to the server behind them: cancelled alone, it would be waited for until its grace is over.
            await SandboxProcesses.EndAsync(_layout.Data, runner.Clock, CancellationToken.None);
            await _stop.CancelAsync();
            await _server.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        await _floor;
        await SandboxProcesses.EndAsync(_layout.Data, runner.Clock, CancellationToken.None);
    }

    /// <summary>Ends the server and removes its directory.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop?.Dispose();
        _stop = null;
        SandboxLeftovers.Remove(_layout);
    }

    private async Task PrepareAsync(RecoveryRequest request, CancellationToken cancellationToken)
    {
        var user = settings.ToolUser;
        foreach (var stand in settings.Walls?.Stands(_layout) ?? [])
        {
            Directory.CreateDirectory(stand, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var control = await ControlData.ReadAsync(_layout.Data, installation, runner, null, cancellationToken);
        SandboxConfiguration.Write(_layout, settings, request, installation.Major, control);

        // Once for everything: there may be hundreds of thousands of files.
        await OwnedDirectory.CreateAsync(runner, _layout.Root, user, cancellationToken);
        File.SetUnixFileMode(_layout.Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await OwnedDirectory.CreateAsync(runner, _layout.Run, user, cancellationToken);
    }

    /// <summary>PostgreSQL takes a hole for the end of the archive; what was required decides.</summary>
    private async Task<RecoveryResult> JudgeAsync(RecoveryRequest request, RecoveryLog log)
    {
        if (request.RequiredLsn is not { } required || log.LastRecord >= required)
        {
            return new RecoveryResult.Reached(log.LastRecord, log.LastCommitAt, log.StoppedBecause);
        }

        await StopAsync();
        return Failure(
            log, RecoveryFailureKind.StoppedEarly, $"recovery ended at {log.LastRecord?.ToString() ?? "its beginning"}, but WAL up to {required} was required.");
    }

    private static RecoveryResult.Failed Failure(RecoveryLog log, RecoveryFailureKind kind, string cause)
    {
        var reached = log.LastCommitAt is { } at ? $" The last transaction that was replayed ended at {at:yyyy-MM-dd HH:mm:ss.ffffff}Z." : "";
        var foreign = kind == RecoveryFailureKind.ArchiveUnreadable && log.Foreign is { } words ? $" restore_command said: {words}" : "";
        return new RecoveryResult.Failed(kind, $"Recovery failed: {cause}{foreign}{reached}", log.LastRecord, log.LastCommitAt);
    }

    private async Task StopAtDiskFloorAsync(CancellationTokenSource stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (FreeBytes() < settings.DiskFloorBytes)
            {
                StoppedForDiskSpace = true;
                await stop.CancelAsync();
                return;
            }

            await Task.Delay(BetweenDiskChecks, runner.Clock, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>Null once the directory was removed, as a sweep of leftovers does.</returns>
    private long? FreeBytes()
    {
        try
        {
            return new DriveInfo(_layout.Root).AvailableFreeSpace;
        }
        catch (DriveNotFoundException)
        {
            return null;
        }
    }
}
