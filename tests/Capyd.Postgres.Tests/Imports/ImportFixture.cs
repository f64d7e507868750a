using System.Globalization;
using System.Net;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Imports;
using Capyd.Postgres.Tests.Dumps;
using Capyd.Postgres.Tests.Wal;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Tests.Imports;

/// <summary>Foreign files, made by the real tools, and a quarantine to put them into.</summary>
internal sealed class ImportFixture(TemporaryCluster server) : IDisposable
{
    public const string Canary = "/tmp/capyd-import-canary";

    private static readonly string[] Allowed = ["citext", "hstore", "pg_trgm", "pgcrypto", "uuid-ossp", "btree_gist", "ltree", "unaccent"];

    private readonly DumpFixture _dumps = new(server);

    public string Directory { get; } = TemporaryCluster.MakeDirectory();

    public string Root => Path.Combine(Directory, "quarantine");

    public Confinement Confinement { get; } = new();

    public DumpFixture Dumps => _dumps;

    public QuarantineLimits Limits { get; init; } = new(1L << 30, 1L << 30, TimeSpan.FromMinutes(5));

    public string File(string name) => Path.Combine(Directory, name);

    public async Task<string> WriteAsync(string name, string text)
    {
        await System.IO.File.WriteAllTextAsync(File(name), text);
        return File(name);
    }

    public async Task<(QuarantineResult Result, byte[] Archive)> LoadAsync(string file, params string[] excludedSchemas)
    {
        using var archive = new MemoryStream();
        var quarantine = new Quarantine(server.Binaries, server.Runner, Confinement, Root);
        var request = new QuarantineRequest(
            file, server.Binaries.NewestServer().Major, null, Allowed.ToHashSet(), excludedSchemas, Limits, (stream, token) => stream.CopyToAsync(archive, token));
        var result = await quarantine.LoadAsync(request, CancellationToken.None);
        await NothingIsLeftAsync();
        return (result, archive.ToArray());
    }

    /// <summary>Loads what must be refused, and checks that it did no harm.</summary>
    public async Task<string> RefuseAsync(string file, params string[] excludedSchemas)
    {
        var error = await Assert.ThrowsAsync<ImportRefusedException>(() => LoadAsync(file, excludedSchemas));
        await NothingIsLeftAsync();
        return error.Message;
    }

    public Task<string> RefuseTextAsync(string sql) => RefuseTextAsync(sql, []);

    public async Task<string> RefuseTextAsync(string sql, string[] excludedSchemas) => await RefuseAsync(await WriteAsync("hostile.sql", sql), excludedSchemas);

    /// <summary>The kernel ends what was in a namespace a moment after the one that made it.</summary>
    public async Task NothingIsLeftAsync()
    {
        Assert.Empty(System.IO.Directory.Exists(Root) ? System.IO.Directory.GetFileSystemEntries(Root) : []);
        Assert.False(System.IO.File.Exists(Canary), "something got out");
        await WalServer.UntilAsync(
            () => Task.FromResult(!System.IO.Directory.EnumerateDirectories("/proc").Where(static p => char.IsAsciiDigit(Path.GetFileName(p)[0])).Any(RunsHere)),
            "nothing runs there any more");
    }

    public async Task<string> DumpAsync(DatabaseName database, string name, params string[] arguments)
    {
        var command = new ToolCommand(server.Binaries.NewestServer().PathOf("pg_dump"), arguments)
        {
            RunAs = server.Endpoint.ToolUser,
            Environment = new Dictionary<string, string>
            {
                ["PGHOST"] = server.Endpoint.SocketDirectory,
                ["PGPORT"] = server.Endpoint.Port.ToString(CultureInfo.InvariantCulture),
                ["PGUSER"] = server.Endpoint.AdminRole,
                ["PGDATABASE"] = database.ToString(),
            },
        };
        await using var output = System.IO.File.Create(File(name));
        (await server.Runner.RunAsync(command, new ToolStreams { Stdout = (pipe, token) => pipe.CopyToAsync(output, token) }, CancellationToken.None))
            .EnsureSuccess(command);
        return File(name);
    }

    /// <summary>Runs a shell command in the fixture's directory.</summary>
    public async Task ShellAsync(string script)
    {
        var command = new ToolCommand("/bin/bash", ["-c", $"cd {Directory} && {script}"]);
        (await server.Runner.RunAsync(command, ToolStreams.None, CancellationToken.None)).EnsureSuccess(command);
    }

    public RemoteSource Source(DatabaseName database, Password? password) =>
        new("localhost", IPAddress.Loopback, server.Endpoint.Port, database.ToString(), _dumps.Owner.ToString(), password, "disable");

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);

    private bool RunsHere(string process)
    {
        try
        {
            return System.IO.File.ReadAllText(Path.Combine(process, "cmdline")).Contains(Root, StringComparison.Ordinal)
                && Path.GetFileName(process) != Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
