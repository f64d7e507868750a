using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;
using Npgsql;

namespace Capyd.Postgres.Dumps;

/// <summary>
/// Loads an archive into a fresh database. Extensions are made by capyd; everything else is loaded by an unprivileged role,
/// so that nothing in the archive ever runs with a superuser's rights.
/// </summary>
public sealed class ArchiveRestore(PostgresCluster cluster, PostgresBinaries binaries, ToolRunner runner)
{
    private const int BufferSize = 256 * 1024;
    private const double Unfinished = 0.99;

    /// <param name="examine">What to do with the restored database, given the tables that were read while others were still loaded: an
    /// inventory need not read them again. Meanwhile the staged copy is deleted, which takes a while when it is large.</param>
    /// <exception cref="ToolFailedException">pg_restore failed; the database is incomplete and must be dropped.</exception>
    /// <exception cref="PostgresFailedException">An extension could not be made, or the server could not be reached.</exception>
    public async Task<T> RestoreAsync<T>(RestoreRequest request, Func<LoadedRows, Task<T>> examine, CancellationToken cancellationToken)
    {
        using var staging = new RestoreStaging(request.StagingDirectory, cluster.Endpoint.ToolUser is not null);
        var rows = await LoadAsync(request, staging, cancellationToken);
        var deleted = Task.Run(staging.Dispose, CancellationToken.None);
        try
        {
            return await examine(rows);
        }
        finally
        {
            await deleted;
        }
    }

    private async Task<LoadedRows> LoadAsync(RestoreRequest request, RestoreStaging staging, CancellationToken cancellationToken)
    {
        var facts = await cluster.ProbeAsync(cancellationToken);
        var archiveMajor = request.Inventory.ServerVersion / 10000;
        var commands = new RestoreCommands(cluster.Endpoint, binaries.ForServer(Math.Max(facts.Major, archiveMajor)), request);
        var target = new RestoreTarget(cluster, request);
        request.Progress?.Invoke("prepare", 0);
        using var both = new SideBySide(cancellationToken);
        var preparing = both.RunAsync(token => PrepareAsync(request, target, token));
        var unpacking = both.RunAsync(token => StageAsync(request, staging, token));
        await both.EndAsync(preparing, unpacking);
        var staged = await unpacking;
        var archive = staged is null ? null : staging.ArchivePath;
        var list = await ListAsync(request, commands, archive, cancellationToken);
        var chosen = new ArchiveList(request.Inventory, request.Owner.ToString()).Choose(list);
        var load = commands.Load(await staging.WriteListAsync("contents", chosen, cancellationToken), archive);
        var rows = staged is null
            ? await StreamAsync(request, load, cancellationToken)
            : await LoadStagedAsync(request, load, (staging, staged), chosen.Count(static character => character == '\n'), cancellationToken);
        await target.FinishAsync(cancellationToken);
        return rows;
    }

    /// <summary>Gathers statistics, as the owner, because ANALYZE calls functions of index expressions. May run beside an inventory.</summary>
    /// <exception cref="PostgresFailedException">The server could not be reached, or refused.</exception>
    public Task AnalyzeAsync(RestoreRequest request, CancellationToken cancellationToken) =>
        AnalyzeAsync(
            LoaderLogin.For(cluster.Endpoint, request.Database, request.Loader, request.LoaderPassword, request.ApplicationName),
            request.Database, request.Owner, cancellationToken);

    /// <summary>The same for a database that is in use, by its owner's own login.</summary>
    public Task AnalyzeAsync(DatabaseName database, RoleName owner, Password password, string applicationName, CancellationToken cancellationToken) =>
        AnalyzeAsync(LoaderLogin.For(cluster.Endpoint, database, owner, password, applicationName), database, owner, cancellationToken);

    private static Task AnalyzeAsync(NpgsqlDataSource source, DatabaseName database, RoleName owner, CancellationToken cancellationToken) =>
        PostgresFailure.GuardAsync($"analyze database {database}", async () =>
        {
            await using var login = source;
            await using var session = await login.OpenConnectionAsync(cancellationToken);
            await session.ExecuteAsync($"SET ROLE {owner.Quoted}", cancellationToken);
            if (await session.ScalarAsync<string>(SqlText.Of("analyzable_tables"), cancellationToken) is { } tables)
            {
                await session.ExecuteAsync($"ANALYZE {tables}", cancellationToken);
            }
        });

    private static async Task PrepareAsync(RestoreRequest request, RestoreTarget target, CancellationToken cancellationToken)
    {
        if (request.Provision is { } provision)
        {
            await provision(cancellationToken);
        }

        await target.PrepareAsync(cancellationToken);
    }

    /// <returns>Null when the archive is streamed.</returns>
    private async Task<StagedArchive?> StageAsync(RestoreRequest request, RestoreStaging staging, CancellationToken cancellationToken)
    {
        if (request.Jobs <= 1)
        {
            return null;
        }

        request.Progress?.Invoke("stage", 0);
        return await staging.WriteArchiveAsync(
            request.Archive, atOnce: true, file => OwnedDirectory.GiveAsync(runner, file, cluster.Endpoint.ToolUser, cancellationToken), cancellationToken);
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

    private async Task<LoadedRows> StreamAsync(RestoreRequest request, ToolCommand command, CancellationToken cancellationToken)
    {
        request.Progress?.Invoke("load", 0);
        await RunAsync(request, command, new ToolStreams { Stdin = Feed(request, request.Progress) }, cancellationToken);
        request.Progress?.Invoke("load", 1);
        return LoadedRows.None;
    }

    /// <summary>Tables are read beside pg_restore, as it has loaded them.</summary>
    private async Task<LoadedRows> LoadStagedAsync(
        RestoreRequest request, ToolCommand command, (RestoreStaging Staging, StagedArchive Archive) staged, int listed, CancellationToken cancellationToken)
    {
        request.Progress?.Invoke("load", 0);
        var reader = new LoadedRowsReader(cluster, request);
        void Loaded(TocEntry table, ArchiveBlock? rows)
        {
            reader.Loaded(table);
            if (rows is not null)
            {
                staged.Staging.Free(rows);
            }
        }

        var watch = new LoadWatch(staged.Archive, listed, Loaded, done => request.Progress?.Invoke("load", Math.Min(done, Unfinished)));
        using var both = new SideBySide(cancellationToken);
        var load = both.RunAsync(async token =>
        {
            await RunAsync(request, command, new ToolStreams { StderrLine = watch.Take }, token);
            reader.NoMore();
        });
        var rows = both.RunAsync(reader.RunAsync);
        await both.EndAsync(load, rows);
        request.Progress?.Invoke("load", 1);
        return (await rows)!;
    }

    private async Task RunAsync(RestoreRequest request, ToolCommand command, ToolStreams streams, CancellationToken cancellationToken)
    {
        var outcome = await runner.RunAsync(command, streams, cancellationToken);
        request.ToolEnded?.Invoke(outcome);
        outcome.EnsureSuccess(command);
    }

    /// <summary>Progress while streaming is the share of the parts that were handed over.</summary>
    private static Func<Stream, CancellationToken, Task> Feed(RestoreRequest request, Action<string, double>? progress) =>
        (input, token) =>
        {
            var done = 0;
            return ArchivePart.ReadAllAsync(
                request.Archive,
                async (plain, inner) =>
                {
                    await plain.CopyToAsync(input, BufferSize, inner);
                    progress?.Invoke("load", (double)++done / request.Archive.Count);
                },
                token);
        };
}
