namespace Capyd.SystemTests.Recovery;

/// <summary>Kinds of content that are easily lost on the way through a recovery.</summary>
public sealed class ContentTests
{
    private const string Everything = """
        SELECT md5(concat_ws('|',
          (SELECT string_agg(p::text, ',' ORDER BY id) FROM people p),
          (SELECT string_agg(a::text, ',' ORDER BY n) FROM aside a),
          (SELECT string_agg(f::text, ',' ORDER BY n) FROM further f),
          (SELECT string_agg(encode(lo_get(picture), 'hex'), ',' ORDER BY id) FROM people),
          (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum)))
        """;

    [SystemFact]
    public async Task Tablespaces_large_objects_enums_generated_columns_and_unlogged_tables_come_back_as_they_can()
    {
        await using var followed = await FollowedServer.StartAsync();
        var (project, url) = await followed.NewProjectAsync("Varied");
        var (earlier, later) = (await NewTablespaceAsync(followed, "earlier"), "");
        await Tenant.ExecuteAsync(url, """
            CREATE TYPE mood AS ENUM ('well', 'ill');
            CREATE TABLE people (id int PRIMARY KEY, name text, mood mood, shout text GENERATED ALWAYS AS (upper(name)) STORED, picture oid);
            CREATE TABLE aside (n int PRIMARY KEY, noise text) TABLESPACE earlier;
            CREATE UNLOGGED TABLE fleeting (n int);
            INSERT INTO people (id, name, mood, picture) SELECT n, 'Kundin ' || n, 'well', lo_from_bytea(0, convert_to(repeat('bild ' || n, 2000), 'UTF8')) FROM generate_series(1, 20) n;
            INSERT INTO aside SELECT n, md5(n::text) FROM generate_series(1, 500) n;
            INSERT INTO fleeting SELECT generate_series(1, 100);
            """);
        await followed.NewBaseBackupAsync();
        later = await NewTablespaceAsync(followed, "later");
        await Tenant.ExecuteAsync(url, "ALTER TYPE mood ADD VALUE 'so so' BEFORE 'ill'");
        await Tenant.ExecuteAsync(url, """
            CREATE TABLE further (n int PRIMARY KEY, noise text) TABLESPACE later;
            INSERT INTO further SELECT n, md5(n::text) FROM generate_series(1, 500) n;
            UPDATE people SET mood = 'so so', name = 'Kunde ' || id WHERE id % 2 = 0;
            SELECT lo_put(picture, 3, 'changed') FROM people WHERE id = 7;
            SELECT lo_unlink(picture) FROM people WHERE id = 20;
            UPDATE people SET picture = lo_from_bytea(0, 'new') WHERE id = 20;
            """);
        var (at, content) = (await followed.NowAsync(), await Tenant.OneAsync(url, Everything));
        await Tenant.ExecuteAsync(url, "INSERT INTO aside VALUES (1000, 'afterwards'); INSERT INTO further VALUES (1000, 'afterwards'); SELECT lo_unlink(picture) FROM people; DELETE FROM people");
        var (living, files) = (await Tenant.OneAsync(url, "SELECT count(*) FROM aside") + await Tenant.OneAsync(url, "SELECT count(*) FROM further"), Files(earlier, later));

        var copy = await followed.RecoverAsync(project, at);
        Assert.Equal(content, await Tenant.OneAsync(copy, Everything));
        Assert.Equal("0", await Tenant.OneAsync(copy, "SELECT count(*) FROM fleeting"));
        Assert.Equal("u", await Tenant.OneAsync(copy, "SELECT relpersistence FROM pg_class WHERE relname = 'fleeting'"));
        Assert.Equal("KUNDE 2", await Tenant.OneAsync(copy, "SELECT shout FROM people WHERE id = 2"));
        // Trap 29: recovery elsewhere must not reach into the living tablespaces.
        await followed.Server.StopAtOnceAsync();
        Assert.Empty(files.Except(Files(earlier, later)));
        await followed.Server.StartAsync();
        Assert.Equal(living, await Tenant.OneAsync(url, "SELECT count(*) FROM aside") + await Tenant.OneAsync(url, "SELECT count(*) FROM further"));
    }

    private static async Task<string> NewTablespaceAsync(FollowedServer followed, string name)
    {
        var directory = Path.Combine(followed.Server.SocketDirectory, "space-" + name);
        Directory.CreateDirectory(directory);
        (await Command.RunAsync("chown", "postgres", directory)).Good();
        await followed.Server.Superuser.ExecuteAsync("postgres", $"CREATE TABLESPACE {name} LOCATION '{directory}'");
        await followed.Server.Superuser.ExecuteAsync("postgres", $"GRANT CREATE ON TABLESPACE {name} TO PUBLIC");
        return directory;
    }

    private static List<string> Files(params string[] directories) =>
        directories.SelectMany(directory => Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)).ToList();
}
