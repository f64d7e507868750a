using System.Text.Json;
using Capyd.Recovery;
using Capyd.Storage.Backups;

namespace Capyd.Restores;

/// <summary>A restore that is being accepted.</summary>
/// <param name="Plan">How the moment is reached; null for a restore of a backup.</param>
internal sealed record RestoreOrder(RestoreBody Body, string Target, RecoveryPlan? Plan, DateTimeOffset Now)
{
    /// <summary>Set when there is no plan.</summary>
    public BackupRow? Backup { get; init; }

    public string JobType => Plan is null ? RestoreJob.JobType : PitrRestoreJob.JobType;

    public string Payload() => Plan is null
        ? JsonSerializer.Serialize(new RestorePayload(Backup!.Id.ToString(), Target), RestoresJson.Default.RestorePayload)
        : JsonSerializer.Serialize(new PitrPayload(Plan, Target), RestoresJson.Default.PitrPayload);
}
