using System.Diagnostics;
using System.Globalization;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Instances;
using Capyd.Postgres.Tools;
using Microsoft.Extensions.Logging.Abstractions;

namespace Capyd.Postgres.Tests.Instances;

public sealed class EmbeddedClusterTests : IDisposable
{
    private readonly string _directory = TemporaryCluster.MakeDirectory();
    private readonly PostgresInstallation _installation = PostgresBinaries.Discover(null).NewestServer();
    private readonly ToolRunner _runner = new(TimeProvider.System);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_second_daemon_adopts_the_running_server_and_a_restart_keeps_the_port()
    {
        // What a crash in the middle of initdb leaves.
        var unfinished = Directory.CreateDirectory(Path.Combine(_directory, "postgres", "pgdata.tmp"));
        await File.WriteAllTextAsync(Path.Combine(unfinished.FullName, "PG_VERSION"), "15\n");
        await using var first = Embedded(_directory);
        var endpoint = await first.StartAsync(CancellationToken.None);
        var before = await ProbeAsync(endpoint);

        await using var second = Embedded(_directory);
        Assert.Equal(endpoint, await second.StartAsync(CancellationToken.None));
        Assert.Equal(before.StartedAt, (await ProbeAsync(endpoint)).StartedAt);

        await second.StopAsync(CancellationToken.None);
        await second.StopAsync(CancellationToken.None);
        Assert.Equal(endpoint, await second.StartAsync(CancellationToken.None));
        var after = await ProbeAsync(endpoint);
        Assert.Equal(before.SystemIdentifier, after.SystemIdentifier);
        Assert.True(after.StartedAt > before.StartedAt);
    }

    [Fact]
    public async Task A_killed_server_is_started_again_in_spite_of_a_reused_process_id()
    {
        await using var embedded = Embedded(_directory);
        var endpoint = await embedded.StartAsync(CancellationToken.None);
        var pidFile = Path.Combine(_directory, "postgres", "pgdata", "postmaster.pid");
        var lines = await File.ReadAllLinesAsync(pidFile);
        await embedded.StopAsync(CancellationToken.None);

        lines[0] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        await File.WriteAllLinesAsync(pidFile, lines);
        await embedded.StartAsync(CancellationToken.None);
        var before = await ProbeAsync(endpoint);

        using var cancel = new CancellationTokenSource();
        var supervision = embedded.SuperviseAsync(cancel.Token);
        using (var postmaster = Process.GetProcessById(int.Parse(File.ReadLines(pidFile).First(), CultureInfo.InvariantCulture)))
        {
            postmaster.Kill();
        }

        Assert.True((await AnswerAfterAsync(endpoint, before.StartedAt)).StartedAt > before.StartedAt);
        await cancel.CancelAsync();
        await supervision;
    }

    [Fact]
    public async Task A_directory_too_deep_for_a_socket_gets_another_one_for_it()
    {
        var deep = Path.Combine(_directory, new string('d', 100));
        await using var embedded = Embedded(deep);

        var endpoint = await embedded.StartAsync(CancellationToken.None);

        Assert.True(endpoint.SocketDirectory.Length < 90);
        await ProbeAsync(endpoint);
        await embedded.StopAsync(CancellationToken.None);
        Directory.Delete(endpoint.SocketDirectory, recursive: true);
    }

    [Fact]
    public async Task Data_of_another_major_version_is_refused()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "postgres", "pgdata"));
        await File.WriteAllTextAsync(Path.Combine(_directory, "postgres", "pgdata", "PG_VERSION"), "11\n");
        await using var embedded = Embedded(_directory);

        var failure = await Assert.ThrowsAsync<PostgresFailedException>(() => embedded.StartAsync(CancellationToken.None));

        Assert.Contains("postgresql-11", failure.Message, StringComparison.Ordinal);
    }

    private EmbeddedCluster Embedded(string directory) =>
        new(new EmbeddedSettings(Path.Combine(directory, "postgres"), PreferredPort: 26432), _installation, _runner, NullLogger.Instance);

    private static async Task<ServerFacts> ProbeAsync(ClusterEndpoint endpoint)
    {
        await using var cluster = new PostgresCluster(endpoint);
        return await cluster.ProbeAsync(CancellationToken.None);
    }

    /// <summary>Asks until a server that started later answers.</summary>
    private static async Task<ServerFacts> AnswerAfterAsync(ClusterEndpoint endpoint, DateTimeOffset earlier)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                var facts = await ProbeAsync(endpoint);
                if (facts.StartedAt > earlier)
                {
                    return facts;
                }
            }
            catch (PostgresFailedException e) when (e.Retry == RetryClass.Transient)
            {
                limit.Token.ThrowIfCancellationRequested();
            }

            await Task.Delay(100, limit.Token);
        }
    }
}
