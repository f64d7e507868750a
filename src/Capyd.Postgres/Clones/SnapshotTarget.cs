using System.Globalization;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Dumps;
using Capyd.Postgres.Tools;
using Npgsql;

namespace Capyd.Postgres.Clones;

/// <summary>The new database while it is filled: what pg_dump and pg_restore do for it, and the sessions that take rows.</summary>
internal sealed class SnapshotTarget(
    PostgresCluster cluster, PostgresInstallation installation, ToolRunner runner, CloneRequest request, RestoreStaging staging)
{
    private readonly Password _password = Password.Random();

    /// <summary>The server of the database that is copied.</summary>
    public ClusterEndpoint SourceServer { get; init; } = cluster.Endpoint;

    /// <summary>Definitions, and the rows of all tables but these.</summary>
    public async Task DumpAsync(string snapshot, IEnumerable<CloneTable> without, CancellationToken cancellationToken)
    {
        var command = new ToolCommand(
            installation.PathOf("pg_dump"),
            [
                "--format=custom", "--compress=0", $"--snapshot={snapshot}", "--lock-wait-timeout=60s", "--no-password",
                .. without.Select(static t => $"--exclude-table-data={t.Reference}"),
            ])
        {
            Environment = ToolSession.ForDump(SourceServer, request.Source, request.ApplicationName),
            RunAs = SourceServer.ToolUser,
        };
        await RunAsync(command, new ToolStreams { Stdout = (archive, token) => staging.WriteArchiveAsync([new ArchivePart(0, (consume, inner) => consume(archive, inner))], atOnce: false, static _ => Task.CompletedTask, token) }, cancellationToken);
    }

    /// <summary>The role that loads, and what only a superuser can make; after <paramref name="provision"/> the database is there.</summary>
    public async Task PrepareAsync(Inventory inventory, Func<Task> provision, CancellationToken cancellationToken)
    {
        var roles = new RoleAdmin(cluster);
        await roles.EnsureAsync(new RoleSpec(request.Loader, _password, -1, request.Marker), cancellationToken);
        await roles.GrantAsync(request.Owner, request.Loader, cancellationToken);
        await provision();
        await new RestoreTarget(cluster, Restore(inventory, 1)).PrepareAsync(cancellationToken);
    }

    /// <summary>The archive's contents that an ordinary role restores.</summary>
    public async Task<ContentsPlan> ContentsAsync(Inventory inventory, CancellationToken cancellationToken)
    {
        var text = "";
        var streams = new ToolStreams
        {
            Stdout = async (output, token) =>
            {
                using var reader = new StreamReader(output, leaveOpen: true);
                text = await reader.ReadToEndAsync(token);
            },
        };
        await RunAsync(Commands(inventory, 1).Contents(staging.ArchivePath), streams, cancellationToken);
        return new ContentsPlan(new ArchiveList(inventory, request.Owner.ToString()).Choose(text));
    }

    /// <param name="contents">The lines to restore.</param>
    /// <param name="section">Of them, those of this section.</param>
    /// <param name="jobs">How many of them at a time.</param>
    public async Task LoadAsync(Inventory inventory, string contents, string section, int jobs, CancellationToken cancellationToken)
    {
        var list = await staging.WriteListAsync(Guid.NewGuid().ToString("n", CultureInfo.InvariantCulture), contents, cancellationToken);
        await RunAsync(Commands(inventory, jobs).Load(list, staging.ArchivePath, section), ToolStreams.None, cancellationToken);
    }

    /// <summary>A session of the loader as the owner; the caller disposes both.</summary>
    public async Task<(NpgsqlDataSource Login, NpgsqlConnection Session)> OpenAsync(Inventory inventory, CancellationToken cancellationToken)
    {
        var login = LoaderLogin.For(cluster.Endpoint, request.Target, request.Loader, _password, request.ApplicationName);
        var session = await login.OpenConnectionAsync(cancellationToken);
        await session.ExecuteAsync($"SET ROLE {request.Owner.Quoted}", cancellationToken);
        return (login, session);
    }

    public Task FinishAsync(Inventory inventory, CancellationToken cancellationToken) =>
        new RestoreTarget(cluster, Restore(inventory, 1)).FinishAsync(cancellationToken);

    /// <summary>Gathers statistics and reads the inventory, side by side.</summary>
    public async Task<Inventory> ReadAsync(
        Inventory expected, IReadOnlySet<(string Schema, string Name)> without, Action<double> progress, CancellationToken cancellationToken)
    {
        using var both = new SideBySide(cancellationToken);
        var statistics = both.RunAsync(token => new ArchiveRestore(cluster, new PostgresBinaries([installation]), runner).AnalyzeAsync(Restore(expected, 1), token));
        var read = both.RunAsync(token => new InventoryReader(cluster).ReadLikeAsync(expected, LoadedRows.None, request.Target, request.ApplicationName, progress, token, without));
        await both.EndAsync(statistics, read);
        return (await read)!;
    }

    private RestoreCommands Commands(Inventory inventory, int jobs) => new(cluster.Endpoint, installation, Restore(inventory, jobs));

    private RestoreRequest Restore(Inventory inventory, int jobs) => new(
        request.Target, request.Owner, request.Loader, _password, inventory, request.KeepPrivileges, request.StagingDirectory, jobs,
        request.ApplicationName, [ArchivePart.Whole(_ => Task.FromResult<Stream>(File.OpenRead(staging.ArchivePath)))]);

    private async Task RunAsync(ToolCommand command, ToolStreams streams, CancellationToken cancellationToken)
    {
        var outcome = await runner.RunAsync(command, streams, cancellationToken);
        request.ToolEnded?.Invoke(outcome);
        outcome.EnsureSuccess(command);
    }
}
