using Capyd.Postgres.Cluster;
using Capyd.Storage.Projects;
using Capyd.Storage.Usage;

namespace Capyd.Limits;

/// <summary>Keeps one number a day and project, for the history of an organisation's usage.</summary>
internal sealed class StorageSamples(MetadataDatabase metadata, TimeProvider clock)
{
    /// <summary>Days of history.</summary>
    public const int Kept = 90;

    private readonly HashSet<ProjectId> _sampled = [];
    private DateOnly _day;

    public async Task RecordAsync(IReadOnlyList<ProjectRow> projects, IReadOnlyDictionary<string, DatabaseMeasure> measures, CancellationToken stopping)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        if (today != _day)
        {
            _sampled.Clear();
            _day = today;
        }

        var missing = projects.Where(project => !_sampled.Contains(project.Id) && measures.ContainsKey(project.DatabaseName)).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        await metadata.WriteAsync(
            tx =>
            {
                missing.ForEach(project => StorageSampleStore.Record(tx, project, today, measures[project.DatabaseName].SizeBytes));
                StorageSampleStore.DeleteBefore(tx, today.AddDays(-Kept));
            },
            stopping);
        _sampled.UnionWith(missing.Select(project => project.Id));
    }
}
