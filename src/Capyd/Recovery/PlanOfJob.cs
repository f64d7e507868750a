using System.Text.Json;
using Capyd.Storage.Jobs;

namespace Capyd.Recovery;

/// <summary>The plan that a job was given; its payload holds it as <c>plan</c>, whatever else it holds.</summary>
internal static class PlanOfJob
{
    /// <returns>Null for a job that recovers nothing.</returns>
    public static RecoveryPlan? Read(JobRow job)
    {
        using var payload = JsonDocument.Parse(job.PayloadJson);
        return payload.RootElement.ValueKind == JsonValueKind.Object && payload.RootElement.TryGetProperty("plan", out var plan)
            ? plan.Deserialize(RecoveryJson.Default.RecoveryPlan)
            : null;
    }

    /// <summary>The same state again, from whatever base backup leads there now.</summary>
    public static RecoveryWish Again(RecoveryPlan plan) => plan.Kind switch
    {
        RecoveryPlan.Named => new RecoveryWish.Point(plan.Target, plan.End, plan.RestoreTime),
        RecoveryPlan.After => new RecoveryWish.Commit(Capyd.Postgres.Cluster.Lsn.Parse(plan.Target), plan.Effective),
        _ => new RecoveryWish.Moment(plan.RestoreTime),
    };
}
