using Capyd.Imports;
using Capyd.Postgres.Imports;

namespace Capyd.Tests.Importing;

public sealed class PreflightVerdictTests
{
    private const long MiB = 1 << 20;
    private static readonly ImportRoom Room = new(100 * MiB, 15, new HashSet<string> { "pgcrypto", "citext", "pg_stat_statements", "pg_cron", "pgaudit", "dblink" });

    private static readonly RemoteFacts Fitting = new()
    {
        VersionNumber = 150004, Version = "15.4", SizeBytes = 10 * MiB, Encoding = "UTF8", Extensions = [], Schemas = ["public"], EventTriggers = [],
        ProviderSignals = [], ProviderSchemas = [], AuthPolicyTables = [], AuthForeignKeys = [], UnreadableTables = [],
        Replication = new RemoteReplication("replica", 10, 10, 0, false),
    };

    [Fact]
    public void A_source_that_fits_passes_every_check() => Assert.All(PreflightVerdict.Judge(Fitting, Room), check => Assert.Equal("pass", check.Status));

    [Fact]
    public void The_names_of_the_contract_are_there() => Assert.Equal(
        ["connectivity", "source_size_within_plan", "source_version_compatible", "extensions_available_on_target"],
        PreflightVerdict.Judge(Fitting, Room).Select(check => check.Name).Take(4));

    [Theory]
    [InlineData(80, "pass")]
    [InlineData(81, "warn")]
    [InlineData(100, "warn")]
    [InlineData(101, "fail")]
    public void A_source_has_to_be_within_the_plan(int size, string status) =>
        Assert.Equal(status, Status(Fitting with { SizeBytes = size * MiB }, "source_size_within_plan"));

    [Theory]
    [InlineData(90624, "pass")]
    [InlineData(150018, "pass")]
    [InlineData(160000, "fail")]
    public void A_source_is_not_newer_than_the_target(int version, string status) =>
        Assert.Equal(status, Status(Fitting with { VersionNumber = version }, "source_version_compatible"));

    [Theory]
    [InlineData("plpgsql", "pass")]
    [InlineData("citext", "pass")]
    [InlineData("pg_stat_statements", "pass")]
    [InlineData("vector", "fail")]
    [InlineData("dblink", "fail")]
    [InlineData("pg_cron", "fail")]
    [InlineData("pgaudit", "fail")]
    public void An_extension_has_to_be_allowed_and_on_the_host(string name, string status)
    {
        var source = Fitting with { Extensions = [new RemoteExtension("pgcrypto", "1.3", "public"), new RemoteExtension(name, "1.0", "public")] };
        var check = PreflightVerdict.Judge(source, Room).Single(check => check.Name == "extensions_available_on_target");
        Assert.Equal(status, check.Status);
        Assert.True(status == "pass" || check.Detail!.Contains(name, StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_provider_keeps_in_its_own_schema_is_left_out_and_no_failure() => Assert.Equal(
        "warn", Status(Fitting with { ProviderSchemas = ["graphql"], Extensions = [new RemoteExtension("pg_graphql", "1.5", "graphql")] }, "extensions_available_on_target"));

    [Fact]
    public void The_role_has_to_be_able_to_read_everything() =>
        Assert.Equal("fail", Status(Fitting with { UnreadableTables = ["public.secrets"] }, "source_readable"));

    private static string Status(RemoteFacts source, string name) => PreflightVerdict.Judge(source, Room).Single(check => check.Name == name).Status;
}
