using Capyd.Postgres.Cluster;

namespace Capyd.Doctor;

/// <summary>Everything that capyd needs, looked at one after the other. One check that cannot be made does not end the others.</summary>
internal sealed class Examination(CapydOptions options, DataDirectory directories, TimeProvider clock)
{
    /// <param name="cluster">The server to ask; null when it cannot be asked, and then why.</param>
    public async Task<DoctorReport> RunAsync(string by, PostgresCluster? cluster, string? problem, CancellationToken cancellation)
    {
        var server = new ServerChecks(options, clock);
        var findings = new List<Finding>();
        ServerCondition? condition = null;
        if (cluster is null)
        {
            findings.Add(ServerChecks.Silent(problem ?? "the server is not known"));
        }
        else
        {
            (condition, var said) = await server.AskAsync(cluster, cancellation);
            findings.AddRange(said);
        }

        findings.AddRange(await new ToolChecks(options, clock).RunAsync(cancellation));
        findings.AddRange(new FileChecks(options, directories).Run());
        findings.AddRange(new DiskChecks(options, directories).Run(condition));
        findings.AddRange(new SpoolChecks(options, directories, clock).Run(condition?.DataDirectory));
        findings.AddRange(await new RepositoryChecks(options, clock).RunAsync(cancellation));
        findings.Add(ClockCheck.Run(condition, clock));
        return DoctorReport.Of(by, clock.GetUtcNow(), findings);
    }
}
