using Capyd.Auth;
using Capyd.OffHost;
using Capyd.Projects;
using Capyd.Storage.Drills;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.Recovery;

/// <summary>Shows what can be restored, without beginning anything.</summary>
internal static class RecoveryWindowEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/projects/{projectId}/recovery-window", ReadAsync)
        .WithTags("restores").RequireScope(Scopes.BackupsRead).WithName("getRecoveryWindow");

    private static async Task<Ok<RecoveryWindowEnvelope>> ReadAsync(
        HttpContext context, string projectId, MetadataDatabase metadata, RecoveryWindows windows, SpoolState offHost, CapydOptions options)
    {
        var (project, drill) = metadata.Read(session =>
        {
            var found = ProjectAccess.Find(session, Principal.Of(context), projectId);
            return (found, DrillStore.LastSucceeded(session, found.Id) ?? DrillStore.LastSucceeded(session, null));
        });
        var window = (await windows.ReadAsync(context.RequestAborted)).Since(project.CreatedAt);
        return TypedResults.Ok(new RecoveryWindowEnvelope(new RecoveryWindowBody(
            window.Earliest is not null, window.Earliest, window.Latest,
            window.Gaps.Select(gap => new RecoveryGapBody(gap.From, gap.To, gap.FromLsn.ToString(), gap.Reason)).ToList(),
            window.Rpo is { } rpo ? Math.Round(rpo.TotalSeconds, 3) : null, drill?.Rto is { } rto ? Math.Round(rto.TotalSeconds, 3) : null, window.BaseBackups, options.Pitr.WindowDays, window.Reason)
        {
            OffHostRpoSeconds = offHost.WalExposure is { } age ? Math.Round(age.TotalSeconds, 3) : null,
        }));
    }
}
