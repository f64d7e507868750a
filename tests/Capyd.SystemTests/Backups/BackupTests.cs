namespace Capyd.SystemTests.Backups;

[Collection(nameof(EmbeddedDaemon))]
public sealed class BackupTests(EmbeddedDaemon embedded)
{
    private ApiClient Api => embedded.Api;

    [SystemFact]
    public async Task A_backup_on_demand_takes_no_body_an_empty_one_or_a_label_and_is_verified()
    {
        var project = await Api.NewProjectAsync("Backed up");
        await ProjectCalls.FillAsync(await Api.UrlAsync(project));
        Assert.Empty(await Api.BackupsAsync(project));
        foreach (var body in new JsonObject?[] { null, new JsonObject(), new JsonObject { ["label"] = "before the release" } })
        {
            await Api.CompletedAsync(await Api.PostAsync($"/v1/projects/{project}/backups", body));
        }

        var backups = await Api.BackupsAsync(project);
        Assert.Equal(3, backups.Count);
        Assert.Equal("before the release", backups[0].Text("label"));
        Assert.False(backups[1].ContainsKey("label"));
        Assert.All(backups, backup =>
        {
            Assert.Equal("completed", backup.Text("state"));
            Assert.Equal("verified", backup.Text("verification_state"));
            Assert.False(backup.ContainsKey("verification_error"));
            Assert.True(backup["verified_at"]!.GetValue<DateTimeOffset>() >= backup["created_at"]!.GetValue<DateTimeOffset>());
            Assert.Equal(new FileInfo(Path.Combine(embedded.Daemon.Repository, backup.Text("backup_key"))).Length, backup["size_bytes"]!.GetValue<long>());
        });
        (await Api.PostAsync($"/v1/projects/{project}/backups", new JsonObject { ["label"] = new string('x', 201) })).Refused(400, "label");
    }

    [SystemFact]
    public async Task The_archive_alone_gives_the_content_back_without_capyd()
    {
        var project = await Api.NewProjectAsync("No lock-in");
        var url = await Api.UrlAsync(project);
        await ProjectCalls.FillAsync(url);
        var archive = Path.Combine(embedded.Daemon.Repository, (await Api.NewBackupAsync(project)).Text("backup_key"));
        await embedded.Superuser.ExecuteAsync("postgres", "CREATE DATABASE by_hand");
        var target = $"host={embedded.Superuser.SocketDirectory} port={embedded.Superuser.Port} user=capyd dbname=by_hand";
        (await Command.RunAsync("bash", "-c", $"set -o pipefail; zstd -dc '{archive}' | '{Machine.PostgresBin}/pg_restore' --no-owner --no-acl --exit-on-error -d '{target}'")).Good();
        Assert.Equal(await ProjectCalls.ContentAsync(url), await embedded.Superuser.OneAsync("by_hand", ProjectCalls.ContentSql));
        await embedded.Superuser.ExecuteAsync("postgres", "DROP DATABASE by_hand");
    }

    [SystemFact]
    public async Task Writes_during_a_backup_go_on_and_the_backup_is_one_consistent_moment()
    {
        var project = await Api.NewProjectAsync("Written to");
        var url = await Api.UrlAsync(project);
        await Tenant.ExecuteAsync(url, "CREATE TABLE a (n int); CREATE TABLE b (n int)");
        using var stop = new CancellationTokenSource();
        var writing = WriteAsync(url, stop.Token);
        await Until.TrueAsync("something was written", async () => await Tenant.OneAsync(url, "SELECT count(*) FROM a") != "0");

        var backup = await Api.NewBackupAsync(project);
        await stop.CancelAsync();
        Assert.True(await writing > 0);
        var copy = await Api.PreviewUrlAsync(await Api.NewPreviewAsync(project, backup.Text("backup_key")));
        Assert.Equal("0", await Tenant.OneAsync(copy, "SELECT (SELECT count(*) FROM a) - (SELECT count(*) FROM b)"));
        Assert.NotEqual("0", await Tenant.OneAsync(copy, "SELECT count(*) FROM a"));
    }

    /// <summary>Both tables grow in one transaction each time; returns how often.</summary>
    private static async Task<int> WriteAsync(string url, CancellationToken stop)
    {
        await using var session = await Tenant.OpenAsync(url);
        var written = 0;
        for (; !stop.IsCancellationRequested; written++)
        {
            await session.ExecuteAsync("INSERT INTO a SELECT generate_series(1, 20); INSERT INTO b SELECT generate_series(1, 20)");
        }

        return written;
    }

    [SystemFact]
    public async Task An_odd_schema_survives_backup_and_restore()
    {
        var project = await Api.NewProjectAsync("Odd");
        var url = await Api.UrlAsync(project);
        await Tenant.ExecuteAsync(url, """
            CREATE SCHEMA "We""ird";
            CREATE TYPE "We""ird".mood AS ENUM ('sad', 'ok');
            CREATE TABLE "We""ird"."Tab le" ("sp ace" "We""ird".mood, g int GENERATED ALWAYS AS (length('x')) STORED, x float8, n numeric, b bytea, i interval, r int4range);
            INSERT INTO "We""ird"."Tab le" ("sp ace", x, n, b, i, r) VALUES ('ok', 'NaN', 'NaN', '\x00ff', '1 year -3 days', '[1,5)'), (NULL, '-Infinity', 1e-20, '', '00:00', 'empty');
            CREATE TABLE p (k int, v text) PARTITION BY RANGE (k);
            CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
            CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);
            INSERT INTO p SELECT n, 'v' || n FROM generate_series(0, 19) n;
            CREATE SEQUENCE s START 42; SELECT nextval('s'), nextval('s');
            CREATE MATERIALIZED VIEW m AS SELECT count(*) AS c FROM p;
            CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql AS 'SELECT $1 * 2';
            CREATE TABLE empty_one ();
            SELECT lo_from_bytea(0, 'large object');
            COMMENT ON TABLE p IS 'it''s';
            """);
        var copy = await Api.PreviewUrlAsync(await Api.NewPreviewAsync(project, (await Api.NewBackupAsync(project)).Text("backup_key")));
        Assert.Equal("43", await Tenant.OneAsync(copy, "SELECT last_value FROM s"));
        Assert.Equal("20", await Tenant.OneAsync(copy, "SELECT c FROM m"));
        Assert.Equal("NaN", await Tenant.OneAsync(copy, """SELECT x::text FROM "We""ird"."Tab le" WHERE "sp ace" = 'ok'"""));
        Assert.Equal("1", await Tenant.OneAsync(copy, "SELECT count(*) FROM pg_largeobject_metadata"));
    }
}
