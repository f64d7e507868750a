namespace Capyd.Restores;

/// <summary>Where a restore puts its content (contract D.5).</summary>
internal static class RestoreTarget
{
    public const string NewPreview = "new_preview";
    public const string Preview = "preview";
    public const string Project = "project";

    public static string Parse(string? asked) => asked switch
    {
        null or "" => NewPreview,
        NewPreview or Preview or Project => asked,
        _ => throw CapydException.Invalid("target_kind must be one of project, preview or new_preview"),
    };
}
