using Capyd.Auth;
using Capyd.Postgres.Cluster;
using Capyd.Projects;
using Capyd.Recovery;
using Capyd.Storage.Projects;
using Capyd.Storage.RestorePoints;

namespace Capyd.Restores;

/// <summary>Plans a restore to a moment before anything is accepted, so that one that cannot be reached is refused at once.</summary>
internal sealed class RestoreMoment(MetadataDatabase metadata, RecoveryPlanner planner)
{
    /// <returns>Null when the source is a backup.</returns>
    /// <exception cref="CapydException">The moment cannot be reached; the text names the nearest ones.</exception>
    public async Task<RecoveryPlan?> PlanAsync(Principal principal, string projectId, RestoreBody body, CancellationToken cancellation)
    {
        var (field, wish) = metadata.Read(session => Wish(session, ProjectAccess.Find(session, principal, projectId), body));
        if (wish is null)
        {
            return null;
        }

        try
        {
            return await planner.PlanAsync(wish, cancellation);
        }
        catch (CapydException e) when (e.Code.Status is 400 or 409)
        {
            throw new CapydException(e.Code, $"{field}: {e.Message}", e.Hint);
        }
    }

    private static (string Field, RecoveryWish? Wish) Wish(MetadataSession session, ProjectRow project, RestoreBody body)
    {
        RestoreSource.RequireOne(body);
        if (!string.IsNullOrEmpty(body.RestoreTime))
        {
            var at = RestoreTime.Parse("restore_time", body.RestoreTime);
            return at >= project.CreatedAt
                ? ("restore_time", new RecoveryWish.Moment(at))
                : throw CapydException.Invalid(
                    $"restore_time: {RecoveryRefusal.Show(at)} is before the project was made, at {RecoveryRefusal.Show(project.CreatedAt)}",
                    "GET …/recovery-window shows what can be restored");
        }

        return body.RestorePointId is { Length: > 0 } id && RestoreSource.Point(session, project, id) is { Kind: RestorePointKinds.Pitr } point
            ? ("restore_point_id", OfPoint(point))
            : ("", null);
    }

    /// <summary>A point that was set for a moment of the past has no name in the WAL, but the place of the last commit before it.</summary>
    private static RecoveryWish OfPoint(RestorePointRow point) => point switch
    {
        { WalName: { } name, WalLsn: { } position } => new RecoveryWish.Point(name, Lsn.Parse(position), point.PitrTime!.Value),
        { WalLsn: { } position } => new RecoveryWish.Commit(Lsn.Parse(position), point.PitrTime!.Value),
        _ => new RecoveryWish.Moment(point.PitrTime!.Value),
    };
}
