using Capyd.Recovery;
using Capyd.Storage.Jobs;
using Capyd.Storage.Previews;

namespace Capyd.Previews;

/// <summary>Plans the moment that a preview shows once more, before a reset is accepted.</summary>
internal sealed class ResetMoment(MetadataDatabase metadata, RecoveryPlanner planner)
{
    private const string WayOut = "restore another moment or a backup into it: POST /v1/projects/{id}/restores with target_kind preview";

    /// <returns>Null for a preview that did not come from a moment.</returns>
    /// <exception cref="CapydException">The moment cannot be recovered any more; the text says why.</exception>
    public async Task<RecoveryPlan?> PlanAsync(PreviewRow preview, CancellationToken cancellation)
    {
        if (preview is not { SourceKind: PreviewSources.Moment, SourceRestoreTime: { } at })
        {
            return null;
        }

        var wish = metadata.Read(session => First(session, preview, at)) is { } first ? PlanOfJob.Again(first) : new RecoveryWish.Moment(at);
        try
        {
            return await planner.PlanAsync(wish, cancellation) with { Requested = at, Clamped = false };
        }
        catch (CapydException e) when (e.Code.Status is 400 or 409)
        {
            throw new CapydException(
                ErrorCode.WrongState, $"the preview shows {RecoveryRefusal.Show(at)}, which cannot be recovered any more: {e.Message}", WayOut);
        }
    }

    /// <summary>How it was filled: the row keeps the moment to the millisecond, the job keeps the very commit.</summary>
    private static RecoveryPlan? First(MetadataSession session, PreviewRow preview, DateTimeOffset at)
    {
        foreach (var job in JobStore.ListByPreview(session, preview.ProjectId, preview.Id))
        {
            if (PlanOfJob.Read(job) is { } plan && plan.RestoreTime.ToUnixTimeMilliseconds() == at.ToUnixTimeMilliseconds())
            {
                return plan;
            }
        }

        return null;
    }
}
