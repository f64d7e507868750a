using System.Globalization;
using Capyd.Cluster;
using Capyd.Storage.Drills;
using Capyd.Storage.Projects;
using Capyd.Wal;

namespace Capyd.Drills;

/// <summary>Whether recovery has been seen to work, for <c>GET /status</c>. Public, so it names no project.</summary>
internal sealed class DrillStatus(MetadataDatabase metadata, WalState wal) : IComponentStatus
{
    public ComponentBody? Component => wal.Enabled ? metadata.Read(Read) : null;

    private static ComponentBody Read(MetadataSession session)
    {
        var failing = DrillStore.FailuresInARow(session).Count(pair => pair.Value > 0 && ProjectStore.FindLive(session, pair.Key) is not null);
        return failing > 0
            ? new ComponentBody("Drills", OverallStatus.Degraded, Words(failing))
            : new ComponentBody("Drills", OverallStatus.Operational, DrillStore.LastSucceeded(session, null) is null ? "none has succeeded yet" : null);
    }

    private static string Words(int projects) => string.Create(
        CultureInfo.InvariantCulture, $"the last drill of {projects} {(projects == 1 ? "project" : "projects")} failed; GET /v1/drills says why");
}
