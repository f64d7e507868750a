using System.Globalization;

namespace Capyd.SystemTests.Importing;

/// <summary>A daemon that may import from this machine, and a second real server to import from.</summary>
public sealed class ImportGround() : DaemonGround(("CAPYD_IMPORTS_ALLOW_PRIVATE_SOURCES", "true"))
{
    public const string Password = "s3cr3t-of-the-source";

    public AttachedServer Source { get; private set; } = null!;

    protected override async Task PrepareAsync()
    {
        Source = await AttachedServer.CreateAsync();
        await Source.Superuser.ExecuteAsync("postgres", $"CREATE ROLE seller LOGIN PASSWORD '{Password}'");
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (Source is not null)
        {
            await Source.DisposeAsync();
        }
    }

    /// <summary>A new database on the source, with content; the URL of it.</summary>
    public async Task<string> NewSourceAsync(string database, int rows = 200)
    {
        await Source.Superuser.ExecuteAsync("postgres", $"CREATE DATABASE {database} OWNER seller");
        await ProjectCalls.FillAsync(UrlOf(database), rows);
        await Tenant.ExecuteAsync(UrlOf(database), """
            CREATE SCHEMA sales;
            CREATE TYPE sales.mood AS ENUM ('good', 'bad');
            CREATE TABLE sales.days (day date PRIMARY KEY, mood sales.mood NOT NULL, amount int GENERATED ALWAYS AS IDENTITY);
            INSERT INTO sales.days (day, mood) SELECT date '2026-01-01' + n, 'good' FROM generate_series(1, 30) n;
            CREATE FUNCTION sales.doubled(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n * 2';
            CREATE INDEX ON sales.days (sales.doubled(amount));
            CREATE MATERIALIZED VIEW sales.summary AS SELECT mood, count(*) FROM sales.days GROUP BY mood;
            """);
        return UrlOf(database);
    }

    public string UrlOf(string database, string password = Password, string user = "seller") =>
        string.Create(CultureInfo.InvariantCulture, $"postgresql://{user}:{password}@127.0.0.1:{Source.Port}/{database}?sslmode=disable");

    /// <summary>What pg_dump makes of a database of the source.</summary>
    public async Task<byte[]> DumpAsync(string database, params string[] arguments)
    {
        var file = Path.Combine(Machine.NewDirectory(), "dump");
        try
        {
            (await Command.RunAsync(
                Path.Combine(Machine.PostgresBin, "pg_dump"), ["--host", Source.SocketDirectory, "--port", Source.Port.ToString(CultureInfo.InvariantCulture), "--username", "capyd", "--file", file, .. arguments, database])).Good();
            return await File.ReadAllBytesAsync(file);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }

    public Task<Reply> ImportAsync(string project, JsonObject body) => Api.PostAsync($"/v1/projects/{project}/imports", body);

    public async Task<JsonObject> PreflightAsync(string project, string url) =>
        (await Api.PostAsync($"/v1/projects/{project}/imports/preflight", new JsonObject { ["source_url"] = url })).Expect(200)["preflight"];

    /// <summary>The error of an import that was accepted and failed; the project is as ready as before.</summary>
    public async Task<string> FailedImportAsync(string project, JsonObject body)
    {
        var before = await ProjectCalls.ObjectsAsync(await Api.UrlAsync(project));
        var job = await Api.EndOfJobAsync((await ImportAsync(project, body)).Expect(202).JobId);
        Assert.True(job.Text("state") == "failed", job.ToJsonString());
        var after = await Api.ProjectAsync(project);
        Assert.Equal("ready", after.Text("state"));
        Assert.Equal($"import failed: {job.Text("error")}", after.Text("last_error"));
        Assert.Equal(before, await ProjectCalls.ObjectsAsync(await Api.UrlAsync(project)));
        Assert.Empty(await Superuser.ListAsync("postgres", @"SELECT datname FROM pg_database WHERE datname LIKE 'capyd\_build\_%'"));
        return job.Text("error");
    }
}
