using Capyd.Storage.Alerts;
using Capyd.Storage.Projects;

namespace Capyd.Alerts;

/// <summary>Writes what a look at all projects found: one transaction, and none when nothing changed.</summary>
internal sealed class AlertRecorder(MetadataDatabase metadata, AlertBook book, TimeProvider clock)
{
    public async Task RecordAsync(IReadOnlyDictionary<ProjectRow, IReadOnlyList<AlertReading>> readings, CancellationToken stopping)
    {
        var now = clock.GetUtcNow();
        var open = metadata.Read(ByProjectAndKind);
        var news = readings.SelectMany(pair => pair.Value.Select(reading => (Project: pair.Key, Reading: reading)))
            .Where(seen => AlertBook.Matters(open.GetValueOrDefault((seen.Project.Id, seen.Reading.Kind)), seen.Reading, now)).ToList();
        var live = readings.Keys.Select(project => project.Id).ToHashSet();
        if (news.Count > 0 || open.Values.Any(alert => !live.Contains(alert.ProjectId)))
        {
            await metadata.WriteAsync(tx => Write(tx, news, live, now), stopping);
        }
    }

    private void Write(MetadataTransaction tx, List<(ProjectRow Project, AlertReading Reading)> news, HashSet<ProjectId> live, DateTimeOffset now)
    {
        var open = ByProjectAndKind(tx);
        foreach (var (project, reading) in news)
        {
            book.Record(tx, project, open.GetValueOrDefault((project.Id, reading.Kind)), reading, now);
        }

        foreach (var alert in open.Values.Where(alert => !live.Contains(alert.ProjectId) && ProjectStore.FindLive(tx, alert.ProjectId) is null))
        {
            AlertBook.Close(tx, alert, now);
        }
    }

    private static Dictionary<(ProjectId, string), AlertRow> ByProjectAndKind(MetadataSession session) =>
        AlertStore.ListOpen(session).ToDictionary(alert => (alert.ProjectId, alert.Kind));
}
