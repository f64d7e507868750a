using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Pooler;

/// <summary>A PgBouncer of capyd's own in front of one server: started or taken over, told of changes without losing a client.</summary>
public sealed class PgBouncer(PoolerSettings settings, ClusterEndpoint server, ToolRunner runner)
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(10);

    private readonly PoolerLayout _layout = new(settings);
    private readonly PoolerFiles _files = new(new PoolerLayout(settings), runner);
    private readonly PoolerConsole _console = new(new PoolerLayout(settings), settings, runner);
    private readonly PoolerProcess _process = new(new PoolerLayout(settings), settings, runner);

    /// <summary>Ends when the pooler has; its result says why.</summary>
    public Task<string> Ended { get; private set; } = Task.FromResult("it was never started");

    /// <summary>Starts the pooler, or takes over the one that a killed capyd left: its clients notice nothing.</summary>
    /// <returns>True when it was taken over.</returns>
    /// <exception cref="PoolerFailedException">It did not start, or did not take its configuration.</exception>
    /// <exception cref="ToolMissingException">There is no such program.</exception>
    public async Task<bool> StartAsync(IReadOnlyList<PooledDatabase> databases, CancellationToken cancellationToken)
    {
        await _files.PrepareDirectoriesAsync(cancellationToken);
        var main = PoolerConfiguration.Main(_layout, settings);
        if (_process.FindRunning() is { } pid && PoolerFiles.Holds(_layout.Main, main))
        {
            Ended = WaitForLeftAsync(pid);
            await _files.WriteAsync(Texts(databases), cancellationToken);
            await ReloadAsync(databases, cancellationToken);
            return true;
        }

        await _process.StopAsync();
        await _files.WriteAsync(new Dictionary<string, string>(Texts(databases)) { [_layout.Main] = main }, cancellationToken);
        await LaunchAsync(cancellationToken);
        await VerifyAsync(databases, cancellationToken);
        return false;
    }

    /// <summary>Offers these databases from now on; clients of the others are ended, all other clients keep what they have.</summary>
    /// <returns>False when nothing was to be changed.</returns>
    /// <exception cref="PoolerFailedException">The pooler has not taken them all.</exception>
    public async Task<bool> ApplyAsync(IReadOnlyList<PooledDatabase> databases, CancellationToken cancellationToken)
    {
        if (!await _files.WriteAsync(Texts(databases), cancellationToken))
        {
            return false;
        }

        await ReloadAsync(databases, cancellationToken);
        return true;
    }

    /// <summary>Ends the pooler, ours or left over; nothing when none runs.</summary>
    public Task StopAsync() => _process.StopAsync();

    private Dictionary<string, string> Texts(IReadOnlyList<PooledDatabase> databases) => new()
    {
        [_layout.Users] = PoolerConfiguration.Users(databases),
        [_layout.Access] = PoolerConfiguration.Access(databases),
        [_layout.Databases] = PoolerConfiguration.Databases(server, databases),
    };

    private async Task LaunchAsync(CancellationToken cancellationToken)
    {
        File.Delete(_layout.Socket);
        var start = new PoolerStart();
        Ended = ExplainAsync(_process.Launch(start.Note));
        var late = Task.Delay(StartPatience, runner.Clock, cancellationToken);
        if (await Task.WhenAny(start.Up, Ended, late) == Ended)
        {
            throw new PoolerFailedException(await Ended);
        }

        if (!start.Up.IsCompleted || start.Problem is not null)
        {
            await StopAsync();
            cancellationToken.ThrowIfCancellationRequested();
            throw new PoolerFailedException($"pgbouncer {start.Problem ?? $"did not come up within {StartPatience.TotalSeconds} s"}; its log is {_layout.Log}");
        }
    }

    private async Task<string> ExplainAsync(Task<ToolOutcome> run)
    {
        var outcome = await run;
        var words = outcome.StderrTail.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault(static line => line.Contains("FATAL", StringComparison.Ordinal));
        return $"pgbouncer ended with exit code {outcome.ExitCode}{(words is null ? "" : ": " + words[words.IndexOf("FATAL", StringComparison.Ordinal)..])}; its log is {_layout.Log}";
    }

    private async Task<string> WaitForLeftAsync(int pid)
    {
        await _process.WaitForEndAsync(pid, CancellationToken.None);
        return $"pgbouncer ended; its log is {_layout.Log}";
    }

    private async Task ReloadAsync(IReadOnlyList<PooledDatabase> databases, CancellationToken cancellationToken)
    {
        await _console.ReloadAsync(cancellationToken);
        await VerifyAsync(databases, cancellationToken);
    }

    private async Task VerifyAsync(IReadOnlyList<PooledDatabase> databases, CancellationToken cancellationToken)
    {
        var offered = await _console.DatabasesAsync(cancellationToken);
        var missing = databases.Where(database => !offered.Contains(PoolerConfiguration.Offer(server, database))).ToList();
        if (missing.Count > 0)
        {
            throw new PoolerFailedException($"pgbouncer has not taken its configuration: {missing.Count} databases are missing or other than wanted, the first is {missing[0].Name}; its log is {_layout.Log}");
        }
    }
}
