using Capyd.Postgres.Cluster;
using Capyd.Postgres.Streams;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Dumps;

/// <summary>A dump for elsewhere: pg_dump's custom format as pg_dump compresses it, which pg_restore reads without capyd.</summary>
public sealed class PortableDump(PostgresCluster cluster, PostgresBinaries binaries, ToolRunner runner)
{
    /// <summary>The archive is whole only when this returns; until then the receiver must not publish it. Progress counts the bytes
    /// of the archive; how many there will be is not known.</summary>
    /// <exception cref="PostgresFailedException">The server could not be reached.</exception>
    /// <exception cref="ToolFailedException">pg_dump failed.</exception>
    /// <exception cref="ToolMissingException">There is no pg_dump for this server.</exception>
    public async Task RunAsync(DumpRequest request, CancellationToken cancellationToken)
    {
        var facts = await cluster.ProbeAsync(cancellationToken);
        var command = new ToolCommand(
            binaries.ForServer(facts.Major).PathOf("pg_dump"), ["--format=custom", "--lock-wait-timeout=60s", "--no-password"])
        {
            Environment = ToolSession.ForDump(cluster.Endpoint, request.Database, request.ApplicationName),
            RunAs = cluster.Endpoint.ToolUser,
        };
        var streams = new ToolStreams
        {
            Stdout = async (stream, token) =>
            {
                await using var counted = new CountingStream(stream, bytes => request.Progress?.Invoke(new DumpProgress(bytes, 0)));
                await using var archive = new DumpedArchive(counted);
                await request.ConsumeArchive(archive, token);
            },
        };
        var outcome = await runner.RunAsync(command, streams, cancellationToken);
        request.ToolEnded?.Invoke(outcome);
        outcome.EnsureSuccess(command);
    }
}
