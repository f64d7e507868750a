using Capyd.Projects;
using Capyd.Recovery;
using Capyd.Storage.RestorePoints;

namespace Capyd.RestorePoints;

/// <summary>A restore point as it is asked for, checked as far as it can be without looking anything up.</summary>
/// <param name="BackupKey">Null for an instant.</param>
/// <param name="At">The instant; null for the present one.</param>
internal sealed record RestorePointDraft(string Label, string? Note, string? BackupKey, DateTimeOffset? At)
{
    private const int LongestLabel = 200;
    private const int LongestNote = 2000;

    public static RestorePointDraft Of(CreateRestorePointRequest? request)
    {
        var key = request?.BackupKey is { Length: > 0 } given ? given : null;
        RequireKind(request?.Kind, key is not null);
        var at = string.IsNullOrEmpty(request?.PitrTime) ? (DateTimeOffset?)null : RestoreTime.Parse("pitr_time", request.PitrTime);
        if (key is not null && at is not null)
        {
            throw CapydException.Invalid("give one of backup_key and pitr_time, not both", "leave pitr_time out");
        }

        return new RestorePointDraft(CheckedLabel(request?.Label), CheckedNote(request?.Note), key, at);
    }

    private static void RequireKind(string? kind, bool hasBackup)
    {
        switch (kind)
        {
            case null or "":
            case RestorePointKinds.Backup when hasBackup:
            case RestorePointKinds.Pitr when !hasBackup:
                return;
            case RestorePointKinds.Backup:
                throw CapydException.Invalid("backup_key: wanted when kind is backup", "GET …/backups lists the keys");
            case RestorePointKinds.Pitr:
                throw CapydException.Invalid("backup_key: makes no sense when kind is pitr");
            default:
                throw CapydException.Invalid("kind must be one of backup or pitr");
        }
    }

    private static string CheckedLabel(string? asked)
    {
        var label = asked?.Trim();
        return string.IsNullOrEmpty(label) || label.Length > LongestLabel || !ProjectNaming.IsPlain(label)
            ? throw CapydException.Invalid($"label: wants 1 to {LongestLabel} characters without control characters")
            : label;
    }

    /// <summary>A note may have lines.</summary>
    private static string? CheckedNote(string? asked)
    {
        var note = asked?.Trim();
        if (string.IsNullOrEmpty(note))
        {
            return null;
        }

        return note.Length <= LongestNote && ProjectNaming.IsPlain(note.ReplaceLineEndings(" ").Replace('\t', ' '))
            ? note
            : throw CapydException.Invalid($"note: wants at most {LongestNote} characters, and of control characters only line breaks and tabs");
    }
}
