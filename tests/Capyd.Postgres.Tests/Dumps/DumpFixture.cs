using System.Globalization;
using System.Reflection;
using System.Text;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Dumps;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Tests.Dumps;

/// <summary>Databases, dumps and restores as the tests of this folder need them.</summary>
internal sealed class DumpFixture(TemporaryCluster server)
{
    private readonly Password _password = Password.Random();
    private readonly DatabaseAdmin _databases = new(server.Cluster);
    private readonly RoleAdmin _roles = new(server.Cluster);

    public RoleName Owner { get; } = RoleName.Parse($"owner_{Guid.NewGuid():n}");

    public Password Password => _password;

    /// <summary>What the last restore read while it loaded.</summary>
    public LoadedRows Loaded { get; private set; } = LoadedRows.None;

    public async Task<DatabaseName> CreateAsync(string prefix)
    {
        await _roles.EnsureAsync(new RoleSpec(Owner, _password, -1, "test"), CancellationToken.None);
        var name = DatabaseName.Parse($"{prefix}_{Guid.NewGuid():n}");
        await _databases.ProvisionAsync(new DatabaseSpec(name, Owner, null, new Dictionary<string, string>()), CancellationToken.None);
        return name;
    }

    public Task AsTenantAsync(DatabaseName database, string sql) =>
        server.ExecuteAsync(database.ToString(), $"SET SESSION AUTHORIZATION {SqlIdentifier.Quote(Owner.ToString())}; SET search_path = public; {sql}");

    public Task AsSuperuserAsync(DatabaseName database, string sql) =>
        server.ExecuteAsync(database.ToString(), $"SET search_path = public; {sql}");

    public async Task<DatabaseName> CreateRichAsync()
    {
        var database = await CreateAsync("rich");
        var owner = SqlIdentifier.Quote(Owner.ToString());
        await AsSuperuserAsync(database, "DO $$BEGIN CREATE ROLE rich_reader NOLOGIN; EXCEPTION WHEN duplicate_object THEN END$$");
        await PsqlAsync(
            database,
            $"""
            SET search_path = public; SET client_min_messages = error;
            {Sql("superuser.sql").Replace("tenant", owner, StringComparison.Ordinal)}
            SET SESSION AUTHORIZATION {owner};
            {Sql("tenant.sql")}
            RESET SESSION AUTHORIZATION;
            {Sql("superuser_later.sql")}
            """);
        return database;
    }

    /// <summary>A script in psql, because the driver cuts statements at semicolons, also inside BEGIN ATOMIC.</summary>
    public Task PsqlAsync(DatabaseName database, string script) => ToolAsync(
        "psql", ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"], database,
        new ToolStreams { Stdin = async (input, token) => await input.WriteAsync(Encoding.UTF8.GetBytes(script), token) });

    public async Task ToolAsync(string tool, IReadOnlyList<string> arguments, DatabaseName database, ToolStreams streams)
    {
        var command = new ToolCommand(server.Binaries.NewestServer().PathOf(tool), arguments)
        {
            RunAs = server.Endpoint.ToolUser,
            Environment = new Dictionary<string, string>
            {
                ["PGHOST"] = server.Endpoint.SocketDirectory,
                ["PGPORT"] = server.Endpoint.Port.ToString(CultureInfo.InvariantCulture),
                ["PGUSER"] = server.Endpoint.AdminRole,
                ["PGDATABASE"] = database.ToString(),
                ["PGCLIENTENCODING"] = "UTF8",
            },
        };
        (await server.Runner.RunAsync(command, streams, CancellationToken.None)).EnsureSuccess(command);
    }

    public async Task<(Inventory Inventory, byte[] Archive)> DumpAsync(DatabaseName database)
    {
        var (inventory, archive, _) = await DumpInPartsAsync(database);
        return (inventory, archive);
    }

    /// <returns>Also where each table's data ends, and what was read since the one before.</returns>
    public async Task<(Inventory Inventory, byte[] Archive, IReadOnlyList<(long Ends, IReadOnlyList<ArchiveBlock>? Blocks)> Parts)> DumpInPartsAsync(DatabaseName database)
    {
        using var archive = new MemoryStream();
        var parts = new List<(long, IReadOnlyList<ArchiveBlock>?)>();
        var request = new DumpRequest(database, "test dump", async (source, token) =>
        {
            var buffer = new byte[50_000];
            int count;
            while ((count = await source.ReadAsync(buffer, token)) > 0)
            {
                archive.Write(buffer, 0, count);
                if (source.TableEnded)
                {
                    parts.Add((archive.Length, source.TakeBlocks()));
                }
            }
        });
        var inventory = await new SnapshotDump(server.Cluster, server.Binaries, server.Runner).RunAsync(request, CancellationToken.None);
        return (inventory, archive.ToArray(), parts);
    }

    public Task<DatabaseName> RestoreAsync(Inventory inventory, byte[] archive, int jobs = 1) =>
        RestoreAsync(inventory, [Whole(archive)], jobs);

    public async Task<DatabaseName> RestoreAsync(Inventory inventory, IReadOnlyList<ArchivePart> archive, int jobs)
    {
        var database = await CreateAsync("restored");
        try
        {
            await RestoreIntoAsync(database, inventory, archive, jobs);
        }
        catch (ToolFailedException e) when (e.Retry == RetryClass.Transient)
        {
            // As the job does: two workers of pg_restore may lock each other out over a partitioned table.
            database = await CreateAsync("restored");
            await RestoreIntoAsync(database, inventory, archive, jobs);
        }

        return database;
    }

    public Task RestoreIntoAsync(DatabaseName database, Inventory inventory, byte[] archive, int jobs = 1) =>
        RestoreIntoAsync(database, inventory, [Whole(archive)], jobs);

    public async Task RestoreIntoAsync(DatabaseName database, Inventory inventory, IReadOnlyList<ArchivePart> archive, int jobs)
    {
        var restore = new ArchiveRestore(server.Cluster, server.Binaries, server.Runner);
        var request = new RestoreRequest(
            database, Owner, Owner, _password, inventory, KeepPrivileges: false, server.Directory, jobs, "test restore",
            archive);
        Loaded = await restore.RestoreAsync(request, Task.FromResult, CancellationToken.None);
        await restore.AnalyzeAsync(request, CancellationToken.None);
    }

    public Task<Inventory> ReadAsync(DatabaseName database, Inventory? like = null) =>
        like is null
            ? new InventoryReader(server.Cluster).ReadAsync(database, "test read", null, CancellationToken.None)
            : new InventoryReader(server.Cluster).ReadLikeAsync(like, LoadedRows.None, database, "test read", null, CancellationToken.None);

    /// <summary>Reads as a restore does, which does not read again what it has read while it loaded.</summary>
    public Task<Inventory> ReadRestoredAsync(DatabaseName database, Inventory like) =>
        new InventoryReader(server.Cluster).ReadLikeAsync(like, Loaded, database, "test read", null, CancellationToken.None);

    private static ArchivePart Whole(byte[] archive) => ArchivePart.Whole(_ => Task.FromResult<Stream>(new MemoryStream(archive)));

    private static string Sql(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
