using System.Text.Json;
using Capyd.Cluster;
using Capyd.Jobs;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Imports;
using Capyd.Storage.Projects;

namespace Capyd.Imports;

/// <summary>
/// Second step: what is foreign is loaded into a throw-away cluster by confined tools, and dumped again from there. Only that
/// archive goes near production.
/// </summary>
internal sealed class StageSource(ImportEngine engine, Preflight preflight, PostgresServer server)
{
    private const double Begin = FetchSource.Share;
    public const double End = 0.7;
    private const long ClusterOverhead = 512L << 20;
    private static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    /// <exception cref="ImportRefusedException">The file cannot be imported; the message names the object.</exception>
    public async Task RunAsync(JobContext job, ProjectRow project, ImportPlace place, string file, IReadOnlyList<string> excludedSchemas, CancellationToken cancellation)
    {
        ImportPlaces.ClearQuarantine(place);
        var room = await preflight.RoomAsync(project, cancellation);
        var content = await DatabaseContent.ReadAsync(server.Capabilities.Cluster, DatabaseName.Parse(project.DatabaseName), cancellation);
        var limits = new QuarantineLimits(2 * room.StorageLimitBytes, room.StorageLimitBytes + ClusterOverhead, Longest);
        var allowed = room.Extensions;
        var request = new QuarantineRequest(
            file, room.TargetMajor, content.Locale, allowed, excludedSchemas, limits, place.WriteArchiveAsync, progress => Report(job, progress));
        var result = await engine.Quarantine(place.Quarantine).LoadAsync(request, cancellation);
        FaultPoint.Reach("import.after_quarantine");
        RequireAllowed(result, allowed);
        place.WriteNotes(new StagedImport(result.Inventory, Present(result.Report)));
    }

    /// <summary>The superuser makes these in production: what comes out of quarantine is not simply believed.</summary>
    private static void RequireAllowed(QuarantineResult result, IReadOnlySet<string> allowed)
    {
        if (result.Inventory.Extensions.FirstOrDefault(extension => extension.Name != "plpgsql" && !allowed.Contains(extension.Name)) is { } stranger)
        {
            throw new ImportRefusedException($"the import brings the extension {stranger.Name}, which a project may not have");
        }
    }

    private static void Report(JobContext job, ImportProgress progress)
    {
        var (begin, end) = progress.Phase switch
        {
            ImportPhase.Unpack => (0, 0.1),
            ImportPhase.Inspect => (0.1, 0.15),
            ImportPhase.Prepare => (0.15, 0.2),
            ImportPhase.Load => (0.2, 0.75),
            _ => (0.75, 1),
        };
        job.Report($"import:{JsonNamingPolicy.SnakeCaseLower.ConvertName(progress.Phase.ToString())}", Begin + ((End - Begin) * (begin + ((end - begin) * progress.Fraction))));
    }

    private static ImportReportBody Present(ImportReport report) => new(
        JsonNamingPolicy.SnakeCaseLower.ConvertName(report.Format.Kind.ToString()), report.UnpackedBytes, report.LoadedObjects, report.Extensions,
        [.. report.Skipped.Select(skipped => new ImportSkippedBody(skipped.Type, skipped.Name, skipped.Reason))], report.SkippedCount);
}
