using System.Globalization;

namespace Capyd.SystemTests.Wal;

/// <summary>What a restore writes is compressed after it: until then it lies durable in the spool.</summary>
public sealed class SpoolPatienceTests
{
    /// <summary>A restore fills the view last of all: it tells when that was, and how much WAL had been written.</summary>
    private const string Content = """
        CREATE TABLE bulk AS SELECT n, repeat(md5(n::text), 30) AS noise FROM generate_series(1, 60000) n;
        CREATE MATERIALIZED VIEW loaded AS SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS at, pg_walfile_name(pg_current_wal_insert_lsn()) AS segment;
        """;

    [SystemFact]
    public async Task Segments_of_a_restore_are_kept_after_its_load()
    {
        await using var ground = await WalGround.CreateAsync();
        await ground.FirstBaseBackupAsync();
        using var api = await ground.Daemon.ClientAsync();
        var project = await api.NewProjectAsync("Bulky");
        await Tenant.ExecuteAsync(await api.UrlAsync(project), Content);
        var key = (await api.NewBackupAsync(project)).Text("backup_key");
        await ground.KeepsAsync(await ground.SwitchAsync());
        var before = await ground.Superuser.OneAsync("postgres", "SELECT pg_walfile_name(pg_current_wal_insert_lsn())");

        await api.CompletedAsync(await api.RestoreAsync(project, new JsonObject { ["backup_key"] = key, ["preview_name"] = "late" }));

        var copy = await api.PreviewUrlAsync((await api.PreviewsAsync(project)).Single().Text("id"));
        var loaded = long.Parse((await Tenant.OneAsync(copy, "SELECT at::text FROM loaded"))!, CultureInfo.InvariantCulture);
        var last = await Tenant.OneAsync(copy, "SELECT segment FROM loaded");
        await ground.KeepsAsync(await ground.SwitchAsync());
        var kept = await ground.Daemon.Metadata.ListAsync($"SELECT archived_at FROM wal_segments WHERE name >= '{before}' AND name < '{last}'");
        Assert.InRange(kept.Count, 3, 60);
        Assert.All(kept, at => Assert.InRange(long.Parse(at, CultureInfo.InvariantCulture), loaded, long.MaxValue));
        Assert.Empty(await ground.GapsAsync());
    }
}
