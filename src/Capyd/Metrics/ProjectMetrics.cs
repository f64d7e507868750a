using Capyd.Storage.Alerts;
using Capyd.Storage.Backups;
using Capyd.Storage.Jobs;
using Capyd.Storage.Projects;

namespace Capyd.Metrics;

/// <summary>Projects, their backups and alerts, and the queue of jobs. Projects are told by their ids, never by their names.</summary>
internal sealed class ProjectMetrics(MetadataDatabase metadata) : IMetricSource
{
    public Task DescribeAsync(MetricsPage page, CancellationToken cancellation)
    {
        metadata.Read(session =>
        {
            var projects = ProjectStore.ListAllLive(session);
            var states = page.Gauge("capyd_projects", "Projects by state.");
            foreach (var group in projects.GroupBy(project => project.State).OrderBy(group => group.Key, StringComparer.Ordinal))
            {
                states.Add(group.Count(), ("state", group.Key));
            }

            DescribeJobs(page, session);
            DescribeBackups(page, session, projects);
            DescribeAlerts(page, session);
            return true;
        });
        return Task.CompletedTask;
    }

    private static void DescribeJobs(MetricsPage page, MetadataSession session)
    {
        var count = JobStore.CountByState(session);
        var jobs = page.Gauge("capyd_jobs", "Jobs by state; the pending ones are the queue.");
        foreach (var state in (string[])[JobStates.Pending, JobStates.Running, JobStates.Completed, JobStates.Failed])
        {
            jobs.Add(count.GetValueOrDefault(state), ("state", state));
        }

        page.Gauge("capyd_job_queue_wait_seconds", "For how long the oldest pending job could have run.")
            .Add(page.Age(JobStore.NextRunAfter(session)) ?? 0);
    }

    private static void DescribeBackups(MetricsPage page, MetadataSession session, IReadOnlyList<ProjectRow> projects)
    {
        var (counts, bytes) = (page.Gauge("capyd_backups", "Dumps by state and by their proof."), page.Gauge("capyd_backup_bytes", "What the dumps take in the repository."));
        var totals = BackupTotals.List(session);
        foreach (var total in totals)
        {
            counts.Add(total.Backups, ("state", total.State), ("verification", total.VerificationState));
        }

        bytes.Add(totals.Where(total => total.State == BackupStates.Completed).Sum(total => total.Bytes));
        var ages = page.Gauge("capyd_backup_last_verified_age_seconds", "Since the project's newest proven dump was begun; absent while there is none.");
        var newest = BackupTotals.NewestVerified(session);
        foreach (var project in projects.Where(project => page.Shows(project.OrganizationId)))
        {
            ages.Add(newest.TryGetValue(project.Id, out var at) ? page.Age(at) : null, ("project", project.Id.ToString()));
        }
    }

    private static void DescribeAlerts(MetricsPage page, MetadataSession session)
    {
        var open = AlertStore.ListOpen(session);
        var alerts = page.Gauge("capyd_alerts_open", "Open alerts by kind and severity.");
        foreach (var group in open.GroupBy(alert => (alert.Kind, alert.Severity)).OrderBy(group => group.Key))
        {
            alerts.Add(group.Count(), ("kind", group.Key.Kind), ("severity", group.Key.Severity));
        }

        page.Gauge("capyd_alerts_open_count", "All open alerts.").Add(open.Count);
    }
}
