namespace Capyd.Webhooks;

/// <summary>What an endpoint may ask to be told (contract D.13).</summary>
internal static class EventTypes
{
    public const string JobCompleted = "job.completed";
    public const string JobFailed = "job.failed";
    public const string ProjectReady = "project.ready";
    public const string ProjectDeleted = "project.deleted";
    public const string PreviewReady = "preview.ready";
    public const string PreviewDeleted = "preview.deleted";
    public const string BackupCompleted = "backup.completed";
    public const string RestoreCompleted = "restore.completed";
    public const string ImportCompleted = "import.completed";
    public const string CredentialsRotated = "credentials.rotated";
    public const string AlertTriggered = "alert.triggered";
    public const string AlertResolved = "alert.resolved";

    /// <summary>Sent by the test call alone, to whatever endpoint it names.</summary>
    public const string Test = "webhook.test";

    public static IReadOnlyList<string> All { get; } =
    [
        JobCompleted, JobFailed, ProjectReady, ProjectDeleted, PreviewReady, PreviewDeleted, BackupCompleted, RestoreCompleted,
        ImportCompleted, CredentialsRotated, AlertTriggered, AlertResolved,
    ];

    private const int LongestShown = 40;

    /// <summary>The events of a request, each once; none means all of them.</summary>
    public static IReadOnlyList<string> Parse(IReadOnlyList<string>? asked)
    {
        foreach (var type in asked ?? [])
        {
            if (!All.Contains(type))
            {
                throw CapydException.Invalid($"event_types: there is no event '{Clip(type)}'", $"the events are {string.Join(", ", All)}; an empty list takes them all");
            }
        }

        return [.. (asked ?? []).Distinct(StringComparer.Ordinal)];
    }

    private static string Clip(string? text) => text is null ? "null" : text.Length > LongestShown ? text[..LongestShown] + "…" : text;
}
