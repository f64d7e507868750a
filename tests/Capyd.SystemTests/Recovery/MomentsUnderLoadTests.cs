namespace Capyd.SystemTests.Recovery;

public sealed class MomentsUnderLoadTests(PitrGround ground) : IClassFixture<PitrGround>
{
    private const int Moments = 20;

    private ApiClient Api => ground.Api;

    [SystemFact]
    public async Task Each_of_twenty_moments_under_load_comes_back_as_it_was()
    {
        var project = await Api.NewProjectAsync("Loaded");
        var url = await Api.UrlAsync(project);
        await Pgbench.FillAsync(url);
        await ground.BaseBackupAsync();
        var moments = new List<Moment>();
        await using (var load = Pgbench.Run(url, 300))
        {
            while (moments.Count < Moments)
            {
                var moment = await PitrGround.RecordAsync(url, Pgbench.Tables, Pgbench.Content);
                if (moments.Any(earlier => earlier.Content == moment.Content))
                {
                    continue; // the disk held the load up, and nothing was committed since
                }

                moments.Add(moment);
                if (moments.Count == Moments / 2)
                {
                    await ground.BaseBackupAsync();
                }
            }

            Assert.True(load.IsRunning);
        }

        Assert.Equal(Moments, moments.Select(moment => moment.Content).Distinct().Count());
        foreach (var moment in moments)
        {
            var copy = await ground.RestoredAsync(project, moment.At);
            Assert.Equal((moment.At, moment.Content), (moment.At, await Tenant.OneAsync(copy, Pgbench.Content)));
        }
    }

    [SystemFact]
    public async Task What_a_neighbour_does_to_its_tables_and_databases_does_not_reach_the_recovered_one()
    {
        // Trap 52: without ignore_invalid_pages, replay panics over files that are holes here.
        var project = await Api.NewProjectAsync("Quiet");
        var url = await Api.UrlAsync(project);
        await ProjectCalls.FillAsync(url, 3000);
        var neighbour = await Api.UrlAsync(await Api.NewProjectAsync("Loud"));
        await Tenant.ExecuteAsync(neighbour, """
            CREATE TABLE much AS SELECT n, md5(n::text) AS word, ARRAY[n, n % 97] AS tags FROM generate_series(1, 60000) n;
            CREATE INDEX much_n ON much (n); CREATE INDEX much_word ON much USING hash (word); CREATE INDEX much_tags ON much USING gin (tags);
            CREATE TABLE emptied AS SELECT n FROM generate_series(1, 20000) n
            """);
        await ground.BaseBackupAsync();
        await Tenant.ExecuteAsync(url, "UPDATE orders SET total = total * 2 WHERE id % 3 = 0");
        await LoudlyAsync(neighbour);
        await Tenant.ExecuteAsync(url, "DELETE FROM orders WHERE id % 7 = 0; CREATE INDEX ON orders USING hash (customer)");
        var moment = await PitrGround.RecordAsync(url);
        await LoudlyAsync(neighbour);
        await Tenant.ExecuteAsync(url, "DROP TABLE notes");

        var copy = await ground.RestoredAsync(project, moment.At);
        Assert.Equal(moment.Content, await ProjectCalls.ContentAsync(copy));
        Assert.Equal("hash", await Tenant.OneAsync(copy, "SELECT amname FROM pg_class c JOIN pg_am a ON a.oid = c.relam JOIN pg_index i ON i.indexrelid = c.oid WHERE i.indrelid = 'orders'::regclass AND amname = 'hash'"));
    }

    private async Task LoudlyAsync(string neighbour)
    {
        foreach (var statement in new[]
        {
            "INSERT INTO much SELECT n, md5(n::text), ARRAY[n] FROM generate_series(1, 20000) n", "DELETE FROM much WHERE n % 3 = 0", "VACUUM much", "VACUUM FULL much",
            "REINDEX TABLE much", "TRUNCATE emptied", "INSERT INTO emptied SELECT generate_series(1, 9000)", "CREATE INDEX ON much USING hash (n)",
            "CREATE INDEX ON much USING gin (tags)", "CLUSTER much USING much_n", "DROP INDEX much_word", "CREATE INDEX much_word ON much USING hash (word)",
        })
        {
            await Tenant.ExecuteAsync(neighbour, statement);
        }

        var name = $"passing_{Guid.NewGuid():n}";
        await ground.Superuser.ExecuteAsync("postgres", $"CREATE DATABASE {name} STRATEGY file_copy");
        await ground.Superuser.ExecuteAsync(name, "CREATE TABLE t AS SELECT generate_series(1, 5000) n; CHECKPOINT");
        await ground.Superuser.ExecuteAsync("postgres", $"DROP DATABASE {name}");
    }
}
