using Capyd.Alerts;
using Capyd.Storage.Projects;

namespace Capyd.OffHost;

/// <summary>Tells each project when what is kept of it does not leave the host, or has nowhere to go.</summary>
internal sealed class OffHostAlerts(MetadataDatabase metadata, AlertRecorder recorder, SpoolState state, RepositoryPresence presence, CapydOptions options) : IDueWork
{
    /// <summary>Seconds for which the bucket could not be used, or the directory was not there.</summary>
    public const string Unreachable = "repository_unreachable";

    /// <summary>Objects that could not be stored because their names are taken by other bytes.</summary>
    public const string Conflict = "repository_conflict";

    public string Name => "alerts about the repository";

    public async Task TickAsync(CancellationToken stopping)
    {
        IReadOnlyList<AlertReading> readings =
        [
            new(Unreachable, (long)presence.Away().TotalSeconds, (long)Math.Max(1, options.Alerts.UnreachableAfter.TotalSeconds), AlertThresholds.Age),
            new(Conflict, state.Latest?.Aside ?? 0, 1, AlertThresholds.Outage),
        ];
        await recorder.RecordAsync(metadata.Read(ProjectStore.ListAllLive).ToDictionary(project => project, _ => readings), stopping);
    }
}
