using Capyd.Audit;
using Capyd.Auth;
using Capyd.Jobs;
using Capyd.Storage.Previews;

namespace Capyd.Previews;

/// <summary>Sets a preview's end to so many hours from now (contract D.3: not added to what is left).</summary>
internal sealed class ExtendPreview(JobQueue queue)
{
    public Task<PreviewRow> RunAsync(Principal principal, string previewId, ExtendPreviewRequest? request, CancellationToken cancellation)
    {
        var hours = PreviewPlan.TtlHours(request?.TtlHours);
        return queue.AcceptAsync((tx, now) => Extend(tx, principal, previewId, hours, now), cancellation);
    }

    private static PreviewRow Extend(MetadataTransaction tx, Principal principal, string previewId, int hours, DateTimeOffset now)
    {
        var preview = PreviewAccess.Find(tx, principal, previewId);
        if (preview.State != "ready")
        {
            throw new CapydException(ErrorCode.WrongState, $"preview must be ready, and it is {preview.State}", "wait for its job to end");
        }

        if (preview.TtlExpiresAt <= now)
        {
            throw new CapydException(ErrorCode.WrongState, $"preview has expired, at {preview.TtlExpiresAt:yyyy-MM-dd HH:mm} UTC", "create another one");
        }

        PreviewStore.SetTtl(tx, preview.Id, hours, now.AddHours(hours), now);
        AuditTrail.Append(tx, principal, "preview.ttl_extended", preview.ProjectId, now, new AuditDetail(PreviewId: preview.Id.ToString()));
        return PreviewStore.FindLive(tx, preview.Id)!;
    }
}
