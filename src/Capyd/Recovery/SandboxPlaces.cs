using Capyd.Cluster;
using Capyd.Postgres.Recovery;
using Capyd.Postgres.Tools;

namespace Capyd.Recovery;

/// <summary>Where sandboxes are, what they may take, and that they fit.</summary>
internal sealed class SandboxPlaces(PostgresServer server, DataDirectory directories, CapydOptions options, TimeProvider clock) : IDisposable
{
    /// <summary>Below it a sandbox is ended, so that nobody else runs out of space because of it.</summary>
    private const long FloorBytes = 512L << 20;

    /// <summary>WAL that a sandbox keeps while it replays.</summary>
    private const long ReplayBytes = 1L << 30;

    private readonly SemaphoreSlim _turn = new(1, 1);

    public ToolRunner Runner { get; } = new(clock);

    public PostgresBinaries Binaries { get; } = PostgresBinaries.Discover(options.Postgres.BinDir);

    public string? ToolUser => server.Endpoint.ToolUser;

    public string Of(JobId job) => Path.Combine(directories.Sandboxes, job.Random);

    /// <summary>One at a time: each takes memory and the disk from the server. The caller disposes the turn.</summary>
    public async Task<IDisposable> WaitForTurnAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        return new Turn(_turn);
    }

    /// <exception cref="CapydException">507-like refusal: it would not fit.</exception>
    public void RequireSpace(WantedFiles wanted, long walBytes)
    {
        directories.CreateSandboxes();
        var needed = wanted.Bytes + Math.Min(walBytes, ReplayBytes) + FloorBytes;
        var free = new DriveInfo(directories.Sandboxes).AvailableFreeSpace;
        if (free < needed)
        {
            throw new CapydException(
                ErrorCode.WrongState, $"the recovery needs about {needed >> 20} MiB in {directories.Sandboxes}, and {free >> 20} MiB are free",
                "free some, or name another place in pitr.sandbox_directory");
        }
    }

    public SandboxSettings Settings(string directory, SandboxWalls? walls) => new(directory, server.Endpoint.AdminRole, ToolUser)
    {
        SharedBuffersMegabytes = (int)(options.Pitr.SandboxMemoryBytes >> 20), DiskFloorBytes = FloorBytes, Walls = walls, Environment = RuntimeSwitches(),
    };

    public Task RemoveAsync(JobId job, CancellationToken cancellation) => SandboxLeftovers.RemoveOneAsync(Of(job), clock, cancellation);

    public void Dispose() => _turn.Dispose();

    /// <summary>capyd is a program of the sandbox's, too, and may have been started with switches of its runtime.</summary>
    private static Dictionary<string, string> RuntimeSwitches() =>
        Environment.GetEnvironmentVariable("DOTNET_ROLL_FORWARD") is { Length: > 0 } roll ? new() { ["DOTNET_ROLL_FORWARD"] = roll } : [];

    private sealed class Turn(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }
}
