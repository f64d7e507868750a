using System.Collections;
using Capyd.Configuration;

namespace Capyd.Tests.Configuration;

public sealed class ConfigurationTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    private LoadedConfiguration Load(string yaml, params (string Name, string Value)[] environment)
    {
        File.WriteAllText(_file, yaml);
        return ConfigurationLoader.Load(new ConfigurationFlags(_file), new Hashtable(environment.ToDictionary(pair => pair.Name, pair => pair.Value)));
    }

    [Fact]
    public void The_example_file_is_good_and_leaves_every_default_as_it_is()
    {
        var loaded = Load(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "capyd.example.yaml")));
        Assert.Empty(loaded.Problems);
        var defaults = new CapydOptions();
        Assert.Equal(defaults.Listen, loaded.Options.Listen);
        Assert.Equal(defaults.DefaultExtensions, loaded.Options.DefaultExtensions);
        Assert.Equal(defaults.Plan.StorageLimitBytes, loaded.Options.Plan.StorageLimitBytes);
        Assert.Equal(defaults.Backups.ZstdLevel, loaded.Options.Backups.ZstdLevel);
        Assert.Equal(defaults.Backups.ZstdWindowLog, loaded.Options.Backups.ZstdWindowLog);
        Assert.Equal(defaults.Limits.BodyBytes, loaded.Options.Limits.BodyBytes);
        Assert.Equal(defaults.Jobs.RetryBase, loaded.Options.Jobs.RetryBase);
    }

    [Fact]
    public void The_example_file_mentions_every_option()
    {
        var example = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "capyd.example.yaml"));
        var missing = ConfigurationKeys.All.Select(key => key.Name.Split('.')[^1]).Where(name => !example.Contains(name + ":", StringComparison.Ordinal));
        Assert.Empty(missing);
    }

    [Fact]
    public void Everything_wrong_is_reported_at_once_by_the_key_as_typed()
    {
        var loaded = Load("listen: ftp://x\npostgres:\n  port: 99999\n  sokcet_dir: /run\nplan:\n  storage_limit: lots\n");
        Assert.Equal(4, loaded.Problems.Count);
        Assert.Contains(loaded.Problems, problem => problem.StartsWith("listen: 'ftp://x'", StringComparison.Ordinal));
        Assert.Contains(loaded.Problems, problem => problem.StartsWith("postgres.port: '99999'", StringComparison.Ordinal));
        Assert.Contains(loaded.Problems, problem => problem.Contains("did you mean postgres.socket_dir?", StringComparison.Ordinal));
        Assert.Contains(loaded.Problems, problem => problem.StartsWith("plan.storage_limit: 'lots'", StringComparison.Ordinal));
    }

    [Fact]
    public void The_environment_wins_over_the_file_and_is_named_when_wrong()
    {
        var loaded = Load("postgres: {port: 5433}\n", ("CAPYD_POSTGRES_PORT", "6000"), ("CAPYD_JOBS_CONCURRENCY", "none"));
        Assert.Equal(6000, loaded.Options.Postgres.Port);
        Assert.StartsWith("CAPYD_JOBS_CONCURRENCY: 'none'", Assert.Single(loaded.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Waits_and_pairs_are_read_and_half_a_clerk_configuration_is_a_problem()
    {
        var loaded = Load("webhooks: {retry_delays: [0, 5]}\nauth: {clerk: {issuer: https://c.example, jwks_url: https://c.example/k, organizations: [org_1=local]}}\n");
        Assert.Empty(loaded.Problems);
        Assert.Equal([TimeSpan.Zero, TimeSpan.FromSeconds(5)], loaded.Options.Webhooks.RetryDelays);
        Assert.Equal("local", loaded.Options.Clerk.Organizations["org_1"]);
        Assert.Contains("jwks_url or jwks_file", Assert.Single(Load("auth: {clerk: {issuer: https://c.example}}\n").Problems), StringComparison.Ordinal);
        Assert.Contains("issuer: is missing", Assert.Single(Load("auth: {clerk: {jwks_file: /k}}\n").Problems), StringComparison.Ordinal);
        Assert.Contains("'-1' is none", Assert.Single(Load("webhooks: {retry_delays: [0, -1]}\n").Problems), StringComparison.Ordinal);
        Assert.Contains("'org_1' is none", Assert.Single(Load("auth: {clerk: {organizations: [org_1]}}\n").Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_yaml_names_its_line()
    {
        Assert.Contains("line 2", Assert.Single(Load("listen: x\n\tport: 1\n").Problems, problem => problem.Contains("not YAML", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_file_the_mode_is_embedded()
    {
        Assert.True(ConfigurationLoader.Load(new ConfigurationFlags(DataDir: "/tmp/x"), new Hashtable()).Options.Embedded);
    }

    public void Dispose() => File.Delete(_file);
}
