using System.Globalization;
using Capyd.Storage.Projects;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Usage;

/// <summary>How much storage all projects of an organization took on one day.</summary>
public sealed record StorageSampleRow(DateOnly Day, long Bytes);

/// <summary>One number a day and project.</summary>
public static class StorageSampleStore
{
    /// <summary>The first number of a day stays.</summary>
    public static void Record(MetadataTransaction transaction, ProjectRow project, DateOnly day, long bytes) => transaction.Execute(
        """
        INSERT INTO storage_samples (project_id, organization_id, day, bytes) VALUES (@project, @organization, @day, @bytes)
        ON CONFLICT (project_id, day) DO NOTHING
        """,
        ("project", project.Id.ToString()),
        ("organization", project.OrganizationId.ToString()),
        ("day", Text(day)),
        ("bytes", bytes));

    /// <summary>Oldest first, from <paramref name="since"/> on.</summary>
    public static IReadOnlyList<StorageSampleRow> ListByOrganization(MetadataSession session, OrganizationId organization, DateOnly since) => session.Query(
        """
        SELECT day, sum(bytes) AS bytes FROM storage_samples WHERE organization_id = @organization AND day >= @since
        GROUP BY day ORDER BY day
        """,
        row => new StorageSampleRow(DateOnly.ParseExact(row.Text("day"), "yyyy-MM-dd", CultureInfo.InvariantCulture), row.Integer("bytes")),
        ("organization", organization.ToString()),
        ("since", Text(since)));

    /// <summary>Forgets days before this one.</summary>
    public static int DeleteBefore(MetadataTransaction transaction, DateOnly day) =>
        transaction.Execute("DELETE FROM storage_samples WHERE day < @day", ("day", Text(day)));

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
