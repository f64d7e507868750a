namespace Capyd.Previews;

/// <summary>The words of <c>mode</c> and <c>source_kind</c>.</summary>
internal static class PreviewSources
{
    public const string Clone = "clone";
    public const string Empty = "empty";

    /// <summary>The project's database as it was when the preview was made or last reset.</summary>
    public const string Database = "database";

    /// <summary>The backup that <c>source_backup_key</c> names.</summary>
    public const string Backup = "backup";

    /// <summary>The moment that <c>source_restore_time</c> names.</summary>
    public const string Moment = "point_in_time";

    public static string Mode(string? asked) => asked switch
    {
        null or "" => Clone,
        Clone or Empty => asked,
        _ => throw CapydException.Invalid("mode must be clone or empty"),
    };
}
