using Capyd.Archives;
using Capyd.Cluster;
using Capyd.Jobs;
using Capyd.Postgres.Clones;
using Capyd.Postgres.Cluster;

namespace Capyd.Recovery;

/// <summary>Takes a recovered database into the live server, as a build that is put in place later, and compares the two.</summary>
internal sealed class RecoveryExtraction(PostgresServer server, SandboxPlaces places, DataDirectory directories, CapydOptions options)
{
    /// <param name="into">Who shall own the content, database-level settings that go over those of the recovered database, and whether
    /// grants come too: only where the owner is the one that made them.</param>
    /// <param name="report">Phase and the share of the work that is done, 0–1.</param>
    /// <exception cref="CapydException">The copy is not what was recovered.</exception>
    public async Task<CloneResult> RunAsync(
        JobContext job, RecoveredDatabase recovered, (RoleName Owner, IReadOnlyDictionary<string, string> Settings, bool KeepPrivileges) into,
        Action<string, double> report, CancellationToken cancellation)
    {
        var request = new CloneRequest(recovered.Database, WorkNames.Build(job.Row.Id), into.Owner, into.Settings, WorkNames.Marker(job.Row.Id))
        {
            Loader = WorkNames.Loader(job.Row.Id), StagingDirectory = directories.Staging, Jobs = options.Restore.Jobs, KeepPrivileges = into.KeepPrivileges,
            ApplicationName = job.ApplicationName, Progress = (phase, done) => report($"extract:{phase}", done), ToolEnded = job.Record,
        };
        try
        {
            var extraction = new DatabaseExtraction(recovered.Cluster, server.Capabilities.Cluster, places.Binaries, places.Runner);
            var result = await server.Rush.DuringAsync(() => extraction.RunAsync(request, cancellation));
            return result.Differences.Count == 0
                ? result
                : throw new CapydException(
                    ErrorCode.Internal, $"the copy is not what was recovered, so nothing was replaced: {Differences.Describe(result.Differences)}");
        }
        catch (Exception e) when (recovered.StoppedForDiskSpace)
        {
            throw new IOException($"The disk of {directories.Sandboxes} was filling up, so the recovered server was ended; free space.", e);
        }
    }
}
