using System.Diagnostics.Metrics;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Tests.Cluster;

[Collection(nameof(TemporaryCluster))]
public sealed class PostgresClusterTests(TemporaryCluster server)
{
    [Fact]
    public async Task The_server_says_what_it_is()
    {
        var facts = await server.Cluster.ProbeAsync(CancellationToken.None);

        Assert.Equal(server.Binaries.NewestServer().Major, facts.Major);
        Assert.Equal(200, facts.MaxConnections);
        Assert.False(facts.InRecovery);
        Assert.NotEmpty(facts.SystemIdentifier);
        Assert.InRange(facts.StartedAt, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddMinutes(1));
    }

    [Fact]
    public async Task Sessions_ignore_what_a_database_says_about_settings()
    {
        await server.ExecuteAsync(null, "CREATE DATABASE bossy");
        await server.ExecuteAsync(null, "ALTER DATABASE bossy SET search_path = public");
        await server.ExecuteAsync(null, "ALTER DATABASE bossy SET default_transaction_read_only = on");
        await server.ExecuteAsync(null, "ALTER DATABASE bossy SET datestyle = 'SQL, DMY'");

        Assert.Equal("", await server.ScalarAsync<string>("bossy", "SELECT current_setting('search_path')"));
        Assert.Equal("off", await server.ScalarAsync<string>("bossy", "SELECT current_setting('transaction_read_only')"));
        Assert.Equal("ISO, MDY", await server.ScalarAsync<string>("bossy", "SELECT current_setting('datestyle')"));
        Assert.Equal("read committed", await server.ScalarAsync<string>("bossy", "SELECT current_setting('transaction_isolation')"));
    }

    [Fact]
    public async Task A_session_in_a_database_leaves_nothing_in_the_driver()
    {
        await server.ExecuteAsync(null, "CREATE DATABASE fleeting");
        await using (await server.Cluster.OpenAsync(DatabaseName.Parse("fleeting"), "test", CancellationToken.None))
        {
            await server.ExecuteAsync("fleeting", "SELECT 1");
        }

        Assert.Contains(ListedSources(), static name => name.Contains("Database=postgres", StringComparison.Ordinal));
        Assert.DoesNotContain(ListedSources(), static name => name.Contains("Database=fleeting", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pooled_session_that_died_is_replaced()
    {
        await server.ExecuteAsync(null, "SELECT 1");
        await using (var other = await server.Cluster.OpenAsync(DatabaseName.Parse("template1"), "test", CancellationToken.None))
        {
            await other.ExecuteAsync(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = 'postgres' AND backend_type = 'client backend' AND state = 'idle'",
                CancellationToken.None);
        }

        Assert.Equal(1, await server.ScalarAsync<int>(null, "SELECT 1"));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_a_transient_failure()
    {
        await using var nobody = new PostgresCluster(server.Endpoint with { Port = 1 });

        var failure = await Assert.ThrowsAsync<PostgresFailedException>(() => nobody.ProbeAsync(CancellationToken.None));

        Assert.Equal(RetryClass.Transient, failure.Retry);
        Assert.Contains(server.Endpoint.SocketDirectory, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("08006", RetryClass.Transient)]
    [InlineData("53300", RetryClass.Transient)]
    [InlineData("57P01", RetryClass.Transient)]
    [InlineData("40P01", RetryClass.Transient)]
    [InlineData("55006", RetryClass.Transient)]
    [InlineData("55P03", RetryClass.Transient)]
    [InlineData("28P01", RetryClass.Permanent)]
    [InlineData("42501", RetryClass.Permanent)]
    public void The_error_code_decides_whether_to_try_again(string sqlState, RetryClass expected) =>
        Assert.Equal(expected, PostgresFailure.Classify(sqlState));

    /// <summary>The driver's list of sources as its metrics tell it: it holds each until it is disposed.</summary>
    private static List<string> ListedSources()
    {
        var names = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Npgsql" && instrument.IsObservable)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((_, _, tags, _) => Note(tags));
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => Note(tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return names;

        void Note(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var tag in tags)
            {
                names.Add(tag.Value?.ToString() ?? "");
            }
        }
    }
}
