using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Tests.Tools;

public sealed class PostgresBinariesTests
{
    private static readonly PostgresBinaries Several = new(
    [
        new PostgresInstallation(17, "/17", false), new PostgresInstallation(12, "/12", true),
        new PostgresInstallation(15, "/15", true), new PostgresInstallation(16, "/16", true),
    ]);

    [Fact]
    public void This_machine_has_a_server() => Assert.True(File.Exists(PostgresBinaries.Discover(null).NewestServer().PathOf("initdb")));

    [Fact]
    public void The_newest_server_runs_new_clusters() => Assert.Equal(16, Several.NewestServer().Major);

    [Fact]
    public void A_cluster_stays_with_the_server_that_made_it()
    {
        Assert.Equal(15, Several.ServerOf(15).Major);
        Assert.Equal(16, Several.ServerOf(null).Major);
        Assert.Contains("apt install postgresql-17", Assert.Throws<ToolMissingException>(() => Several.ServerOf(17)).Message, StringComparison.Ordinal);
    }

    // Trap 56: an older pg_dump must not read a newer server.
    [Theory]
    [InlineData(15, 15)]
    [InlineData(14, 15)]
    [InlineData(17, 17)]
    public void Tools_are_of_the_servers_version_or_the_next(int server, int expected) => Assert.Equal(expected, Several.ForServer(server).Major);

    [Fact]
    public void A_server_newer_than_every_tool_is_refused_with_what_to_install() =>
        Assert.Contains(
            "apt install postgresql-client-18", Assert.Throws<ToolMissingException>(() => Several.ForServer(18)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_configured_directory_must_hold_the_programs()
    {
        Assert.Throws<ToolMissingException>(() => PostgresBinaries.Discover("/tmp"));
        var directory = PostgresBinaries.Discover(null).NewestServer().BinDirectory;
        Assert.Equal(directory, Assert.Single(PostgresBinaries.Discover(directory + "/").Installations).BinDirectory);
    }
}
