using System.Globalization;
using System.Text.Json;

namespace Capyd.Client;

/// <summary>What of one project answers whether it can be lost.</summary>
/// <param name="LastProven">Time of the newest verified backup.</param>
/// <param name="Rpo">What would be lost now, as people read it.</param>
/// <param name="Window">Since when every moment can be recovered.</param>
/// <param name="Problems">Empty when all is well.</param>
internal sealed record ProjectSafety(
    string Slug, string State, string LastProven, string Rpo, string Window, IReadOnlyList<string> Alerts, IReadOnlyList<JsonElement> Jobs, IReadOnlyList<string> Problems)
{
    private const string NoWindow = "no point-in-time recovery";

    public static async Task<ProjectSafety> ReadAsync(ClientSession session, JsonElement project)
    {
        var path = $"v1/projects/{project.Text("id")}";
        var backups = await TryAsync(session, path + "/backups");
        var alerts = (await TryAsync(session, path + "/alerts")).List("alerts");
        var jobs = (await TryAsync(session, path + "/jobs?limit=25")).List("jobs");
        var window = (await TryAsync(session, path + "/recovery-window")).Object("recovery_window");
        var proven = backups.List("backups").Where(backup => backup.Text("verification_state") == "verified").Select(backup => backup.Time("created_at")).Order(StringComparer.Ordinal).LastOrDefault();
        var open = alerts.Where(alert => alert.TextOrNull("resolved_at") is null).Select(alert => alert.Text("kind")).ToList();
        return new ProjectSafety(
            project.Text("slug"), project.Text("state"), backups.ValueKind == JsonValueKind.Object ? proven ?? "never" : "not to be seen", Seconds(window), Since(window), open,
            jobs.Where(job => job.Text("state") == "running").ToList(), Judge(project, backups.ValueKind == JsonValueKind.Object && proven is null, open));
    }

    private static List<string> Judge(JsonElement project, bool unproven, IReadOnlyList<string> alerts)
    {
        var problems = new List<string>();
        if (unproven && project.Text("state") == "ready")
        {
            problems.Add($"there is no proven backup: capyd backups create {project.Text("slug")}");
        }

        if (project.TextOrNull("last_error") is { Length: > 0 } error)
        {
            problems.Add(error);
        }

        return [.. problems, .. alerts.Select(kind => "alert " + kind)];
    }

    /// <summary>Nothing where an older daemon has no such thing, or the key may not see it.</summary>
    private static async Task<JsonElement> TryAsync(ClientSession session, string path)
    {
        try
        {
            return await session.Api.GetAsync(path, session.Cancellation);
        }
        catch (ApiRefusedException)
        {
            return default;
        }
    }

    private static string Since(JsonElement window) => (window.Time("earliest"), window.List("gaps").Count) switch
    {
        ("", _) => NoWindow,
        (var earliest, 0) => earliest,
        (var earliest, 1) => earliest + ", with a gap",
        var (earliest, gaps) => $"{earliest}, with {gaps} gaps",
    };

    private static string Seconds(JsonElement window) =>
        double.TryParse(window.Text("rpo_seconds"), CultureInfo.InvariantCulture, out var seconds) ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s") : "";
}
