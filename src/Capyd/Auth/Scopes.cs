namespace Capyd.Auth;

/// <summary>The scopes of contract A.4.</summary>
internal static class Scopes
{
    public const string Everything = "*";
    public const string ProjectsRead = "projects:read";
    public const string ProjectsWrite = "projects:write";
    public const string CredentialsRead = "credentials:read";
    public const string BackupsRead = "backups:read";
    public const string BackupsWrite = "backups:write";
    public const string JobsRead = "jobs:read";
    public const string OrganizationsRead = "organizations:read";
    public const string OrganizationsWrite = "organizations:write";
    public const string ApiKeysRead = "api_keys:read";
    public const string ApiKeysWrite = "api_keys:write";
    public const string SchemaRead = "schema:read";

    public static IReadOnlyList<string> All { get; } =
    [
        ProjectsRead, ProjectsWrite, CredentialsRead, BackupsRead, BackupsWrite, JobsRead, OrganizationsRead, OrganizationsWrite,
        ApiKeysRead, ApiKeysWrite, SchemaRead,
    ];

    /// <summary>What a project-scoped key may never hold, because it speaks of the whole organisation (contract A.5).</summary>
    public static IReadOnlyList<string> OrganizationLevel { get; } = [OrganizationsRead, OrganizationsWrite, ApiKeysRead, ApiKeysWrite];

    /// <summary>Checks the scopes asked for a new key; refuses the first bad one by name.</summary>
    public static IReadOnlyList<string> Parse(IReadOnlyList<string>? asked, bool projectScoped)
    {
        if (asked is null or { Count: 0 })
        {
            throw CapydException.Invalid("scopes: name at least one", $"the scopes are {string.Join(", ", All)} and * for all of them");
        }

        foreach (var scope in asked)
        {
            if (scope != Everything && !All.Contains(scope))
            {
                throw CapydException.Invalid($"scopes: there is no scope '{Clip(scope)}'", $"the scopes are {string.Join(", ", All)} and *");
            }

            if (projectScoped && OrganizationLevel.Contains(scope))
            {
                throw CapydException.Invalid($"scopes: {scope} speaks of the whole organisation and cannot be put on a key of one project");
            }
        }

        return asked.Distinct(StringComparer.Ordinal).ToList();
    }

    private static string Clip(string? text) => text is null ? "null" : text.Length > 40 ? text[..40] + "…" : text;
}
