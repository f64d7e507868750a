using System.Globalization;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Pooler;

/// <summary>The process itself: a child of ours, or one that an earlier capyd left behind when it was killed.</summary>
internal sealed class PoolerProcess(PoolerLayout layout, PoolerSettings settings, ToolRunner runner)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    /// <summary>What is sent to end it, and how long it may take: transactions may end, then they are cut, then it is killed.</summary>
    private static readonly (int Signal, TimeSpan Patience)[] Endings =
    [
        (ProcessSignal.SigInt, TimeSpan.FromSeconds(3)), (ProcessSignal.SigTerm, TimeSpan.FromSeconds(3)), (ProcessSignal.SigKill, TimeSpan.FromSeconds(3)),
    ];

    private static readonly TimeSpan PatienceWithPidFile = TimeSpan.FromSeconds(3);

    private Task _child = Task.CompletedTask;

    /// <summary>The pooler of this directory, if one runs. A process id alone proves nothing: after a reboot it may be anybody's.</summary>
    public int? FindRunning()
    {
        var text = File.Exists(layout.PidFile) ? File.ReadAllText(layout.PidFile).Trim() : "";
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && IsOurs(pid) ? pid : null;
    }

    /// <summary>Starts it as a child. The task ends with the process.</summary>
    /// <param name="said">Called for each line that it writes.</param>
    public Task<ToolOutcome> Launch(Action<string> said)
    {
        File.Delete(layout.PidFile);
        var command = new ToolCommand(settings.Program, [layout.Main]) { RunAs = layout.OsUser };
        var run = runner.RunAsync(command, new ToolStreams { StderrLine = line => Tell(said, line) }, CancellationToken.None);
        _child = run;
        return run;
    }

    private static bool Tell(Action<string> said, string line)
    {
        said(line);
        return false;
    }

    /// <summary>Returns when a process that is no child of ours is gone.</summary>
    public async Task WaitForEndAsync(int pid, CancellationToken cancellationToken)
    {
        while (IsOurs(pid))
        {
            await Task.Delay(BetweenLooks, runner.Clock, cancellationToken);
        }
    }

    /// <summary>Returns when no pooler of this directory runs.</summary>
    /// <exception cref="PoolerFailedException">It cannot be ended.</exception>
    public async Task StopAsync()
    {
        await WaitForPidFileAsync();
        foreach (var (signal, patience) in Endings)
        {
            var started = runner.Clock.GetTimestamp();
            if (FindRunning() is { } pid)
            {
                ProcessSignal.Send(pid, signal);
                while (IsOurs(pid) && runner.Clock.GetElapsedTime(started) < patience)
                {
                    await Task.Delay(Pause, runner.Clock);
                }
            }
        }

        if (FindRunning() is { } left)
        {
            throw new PoolerFailedException(string.Create(CultureInfo.InvariantCulture, $"pgbouncer (process {left}) does not end; end it by hand"));
        }
    }

    /// <summary>A child that was started a moment ago has not yet said who it is, and would be left behind.</summary>
    private async Task WaitForPidFileAsync()
    {
        var started = runner.Clock.GetTimestamp();
        while (!_child.IsCompleted && FindRunning() is null && runner.Clock.GetElapsedTime(started) < PatienceWithPidFile)
        {
            await Task.Delay(Pause, runner.Clock);
        }
    }

    /// <summary>A process that was started with our configuration; one that has ended but is not yet reaped has no arguments.</summary>
    private bool IsOurs(int pid)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cmdline")).Split('\0').Contains(layout.Main);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone, or somebody else's.
            return false;
        }
    }
}
