using Capyd.Storage.ApiKeys;

namespace Capyd.Auth;

/// <summary>A key as it is asked for; the command line and the API make keys through the same checks.</summary>
internal sealed record CreateApiKey(
    OrganizationId Organization, string? Name, IReadOnlyList<string>? Scopes, ProjectId? Project, string? DeviceName, DateTimeOffset? ExpiresAt)
{
    private const int LongestName = 100;

    /// <summary>The row to store, and the plaintext that is shown once.</summary>
    public (ApiKeyRow Row, ApiKeyToken Token) Prepare(DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > LongestName || Name.Any(char.IsControl))
        {
            throw CapydException.Invalid($"name: wants 1 to {LongestName} characters");
        }

        if (DeviceName is { } device && (device.Length > LongestName || device.Any(char.IsControl)))
        {
            throw CapydException.Invalid($"device_name: wants at most {LongestName} characters");
        }

        if (ExpiresAt <= now)
        {
            throw CapydException.Invalid("expires_at: lies in the past");
        }

        var token = ApiKeyToken.New();
        var row = new ApiKeyRow
        {
            Id = ApiKeyId.New(), OrganizationId = Organization, Name = Name.Trim(), KeyPrefix = token.Shown, KeyHash = token.Hash,
            Scopes = Auth.Scopes.Parse(Scopes, Project is not null), Source = "api", ProjectId = Project, DeviceName = DeviceName,
            ExpiresAt = ExpiresAt, CreatedAt = now,
        };
        return (row, token);
    }
}
