using Capyd.Auth;
using Capyd.BaseBackups;
using Capyd.Storage.Backups;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.Retention;

/// <summary>Shows what retention is about to do, before it does.</summary>
internal static class RetentionEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/retention/preview", Preview).RequireScope(Scopes.BackupsRead).WithName("previewRetention").WithTags("base backups");

    private static Ok<RetentionPreviewBody> Preview(HttpContext context, MetadataDatabase metadata, RetentionFacts facts, CapydOptions options, TimeProvider clock) =>
        TypedResults.Ok(metadata.Read(session =>
        {
            InstanceAccess.Require(session, Principal.Of(context));
            var plan = facts.Plan(session, clock.GetUtcNow());
            var segments = RetentionFacts.UnneededWal(session, plan).SelectMany(found => found.Segments).ToList();
            return new RetentionPreviewBody(
                options.Pitr.WindowDays, plan.WindowStart, plan.Kept.Min(path => path.Backup.StopAt),
                [.. plan.Removed.Select(row => new ExpiringBaseBackupBody(row.Id.ToString(), row.Name, row.StopAt, row.LogicalBytes, row.CreatedAt))],
                new ExpiringWalBody(segments.Count, segments.Sum(segment => segment.StoredBytes)),
                [.. Expiring(session, clock.GetUtcNow())],
                [.. plan.Unreachable().Select(range => new TimeRangeBody(range.From, range.To))],
                [.. plan.Kept.Where(path => path.Pins.Count > 0).Select(path => new PinnedBaseBackupBody(
                    path.Backup.Id.ToString(), path.Backup.Name, path.Backup.StopAt, path.UntilTime, string.Join(", ", path.Pins)))]);
        }));

    private static IEnumerable<ExpiringBackupBody> Expiring(MetadataSession session, DateTimeOffset now) =>
        BackupStore.ListDueForExpiry(session, now).Concat(BackupStore.ListByState(session, "deleting"))
            .Select(row => new ExpiringBackupBody(row.Id.ToString(), row.ProjectId.ToString(), row.BackupKey, row.SizeBytes, row.CreatedAt));
}
