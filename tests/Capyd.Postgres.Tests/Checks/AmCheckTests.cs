using Capyd.Postgres.Checks;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Tests.Checks;

[Collection(nameof(TemporaryCluster))]
public sealed class AmCheckTests(TemporaryCluster temporary)
{
    [Fact]
    public async Task A_sound_database_has_no_findings_even_where_it_is_held_read_only()
    {
        await temporary.ExecuteAsync(null, "CREATE DATABASE sound");
        await temporary.ExecuteAsync("sound", "CREATE TABLE public.t (id int PRIMARY KEY, note text); INSERT INTO public.t SELECT n, n FROM generate_series(1, 1000) n");
        await temporary.ExecuteAsync(null, "ALTER DATABASE sound SET default_transaction_read_only = on");

        Assert.Empty(await CheckAsync("sound"));
    }

    [Fact]
    public async Task An_index_that_lacks_rows_of_its_table_is_found()
    {
        await temporary.ExecuteAsync(null, "CREATE DATABASE unsound");
        await temporary.ExecuteAsync("unsound", "CREATE FUNCTION public.f(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1'");
        await temporary.ExecuteAsync("unsound", "CREATE TABLE public.t (id int); INSERT INTO public.t SELECT generate_series(1, 100); CREATE INDEX odd ON public.t (public.f(id))");
        await temporary.ExecuteAsync("unsound", "CREATE OR REPLACE FUNCTION public.f(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1 + 1000'");

        var finding = Assert.Single(await CheckAsync("unsound"));
        Assert.Contains("odd", finding, StringComparison.Ordinal);
        Assert.Contains("lacks matching index tuple", finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_checked_is_an_error_and_not_a_pass()
    {
        var failed = await Assert.ThrowsAsync<ToolFailedException>(() => CheckAsync("not_there"));
        Assert.Contains("does not exist", failed.Message, StringComparison.Ordinal);
        var directory = Path.Combine(temporary.Directory, "no-amcheck");
        Directory.CreateDirectory(directory);
        foreach (var program in (string[])["pg_dump", "pg_restore"])
        {
            File.CreateSymbolicLink(Path.Combine(directory, program), temporary.Binaries.NewestServer().PathOf(program));
        }

        var check = new AmCheck(temporary.Endpoint, PostgresBinaries.Discover(directory), temporary.Runner);
        var missing = await Assert.ThrowsAsync<ToolMissingException>(
            () => check.RunAsync(DatabaseName.Parse("postgres"), temporary.Binaries.NewestServer().Major, 1, "test", CancellationToken.None));
        Assert.Contains("apt install", missing.Message, StringComparison.Ordinal);
    }

    private Task<IReadOnlyList<string>> CheckAsync(string database) =>
        new AmCheck(temporary.Endpoint, temporary.Binaries, temporary.Runner)
            .RunAsync(DatabaseName.Parse(database), temporary.Binaries.NewestServer().Major, 2, "test", CancellationToken.None);
}
