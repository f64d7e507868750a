using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Dumps;

/// <summary>
/// Loads an archive into a fresh database. Extensions are made by capyd; everything else is loaded by an unprivileged role,
/// so that nothing in the archive ever runs with a superuser's rights.
/// </summary>
public sealed class ArchiveRestore(PostgresCluster cluster, PostgresBinaries binaries, ToolRunner runner)
{
    private const int BufferSize = 256 * 1024;

    /// <exception cref="ToolFailedException">pg_restore failed; the database is incomplete and must be dropped.</exception>
    /// <exception cref="PostgresFailedException">An extension could not be made, or the server could not be reached.</exception>
    public async Task RestoreAsync(RestoreRequest request, CancellationToken cancellationToken)
    {
        var facts = await cluster.ProbeAsync(cancellationToken);
        var archiveMajor = request.Inventory.ServerVersion / 10000;
        var commands = new RestoreCommands(cluster.Endpoint, binaries.ForServer(Math.Max(facts.Major, archiveMajor)), request);
        using var staging = new RestoreStaging(request.StagingDirectory, cluster.Endpoint.ToolUser is not null);

        var target = new RestoreTarget(cluster, request);
        request.Progress?.Invoke("prepare", 0);
        await target.PrepareAsync(cancellationToken);
        var archive = await StageAsync(request, staging, cancellationToken);
        var list = await ListAsync(request, commands, archive, cancellationToken);
        await staging.WriteListAsync(new ArchiveList(request.Inventory, request.Owner.ToString()).Choose(list), cancellationToken);
        await LoadAsync(request, commands.Load(staging.ListPath, archive), archive, cancellationToken);
        await target.FinishAsync(cancellationToken);
    }

    /// <summary>Gathers statistics, as the owner, because ANALYZE calls functions of index expressions. May run beside an inventory.</summary>
    /// <exception cref="PostgresFailedException">The server could not be reached, or refused.</exception>
    public Task AnalyzeAsync(RestoreRequest request, CancellationToken cancellationToken) =>
        PostgresFailure.GuardAsync($"analyze database {request.Database}", async () =>
        {
            await using var login = LoaderLogin.For(cluster.Endpoint, request);
            await using var session = await login.OpenConnectionAsync(cancellationToken);
            if (request.Loader != request.Owner)
            {
                await session.ExecuteAsync($"SET ROLE {request.Owner.Quoted}", cancellationToken);
            }

            if (await session.ScalarAsync<string>(SqlText.Of("analyzable_tables"), cancellationToken) is { } tables)
            {
                await session.ExecuteAsync($"ANALYZE {tables}", cancellationToken);
            }
        });

    /// <returns>The staged file; null when the archive is streamed.</returns>
    private static async Task<string?> StageAsync(RestoreRequest request, RestoreStaging staging, CancellationToken cancellationToken)
    {
        if (request.Jobs <= 1)
        {
            return null;
        }

        request.Progress?.Invoke("stage", 0);
        await using var source = await request.OpenArchive(cancellationToken);
        await staging.WriteArchiveAsync(source, cancellationToken);
        return staging.ArchivePath;
    }

    private async Task<string> ListAsync(
        RestoreRequest request, RestoreCommands commands, string? archive, CancellationToken cancellationToken)
    {
        var command = commands.Contents(archive);
        var text = "";
        var streams = new ToolStreams
        {
            Stdin = archive is null ? Feed(request, null) : null,
            Stdout = async (output, token) =>
            {
                using var reader = new StreamReader(output, leaveOpen: true);
                text = await reader.ReadToEndAsync(token);
            },
        };
        await RunAsync(request, command, streams, cancellationToken);
        return text;
    }

    private async Task LoadAsync(RestoreRequest request, ToolCommand command, string? archive, CancellationToken cancellationToken)
    {
        request.Progress?.Invoke("load", 0);
        var streams = new ToolStreams { Stdin = archive is null ? Feed(request, request.Progress) : null };
        await RunAsync(request, command, streams, cancellationToken);
        request.Progress?.Invoke("load", 1);
    }

    private async Task RunAsync(RestoreRequest request, ToolCommand command, ToolStreams streams, CancellationToken cancellationToken)
    {
        var outcome = await runner.RunAsync(command, streams, cancellationToken);
        request.ToolEnded?.Invoke(outcome);
        outcome.EnsureSuccess(command);
    }

    /// <summary>Progress while streaming is the share of bytes handed over, where the source knows its length.</summary>
    private static Func<Stream, CancellationToken, Task> Feed(RestoreRequest request, Action<string, double>? progress) =>
        async (input, token) =>
        {
            await using var source = await request.OpenArchive(token);
            var length = source.CanSeek ? Math.Max(1, source.Length) : 0;
            await using var counted = new CountingStream(
                source, bytes => progress?.Invoke("load", length == 0 ? 0 : Math.Min(1, (double)bytes / length)));
            await counted.CopyToAsync(input, BufferSize, token);
        };
}
