using System.Text.Json;

namespace Capyd.Auth.Clerk;

/// <summary>What the claims of a session say, in both versions of Clerk's tokens: <c>org_id</c>, or <c>o.id</c>.</summary>
/// <param name="OrganizationId">The active organization; null when the person has chosen none.</param>
/// <param name="Role">Such as <c>admin</c>, without the prefix <c>org:</c> of version 1.</param>
internal sealed record SessionClaims(string UserId, string? OrganizationId, string? Role, string? Slug)
{
    private const int LongestText = 255;
    private const double LastSecond = 1e11;

    public bool IsAdministrator => Role == "admin";

    /// <summary>Why a signed token is not to be accepted now; null when it is.</summary>
    public static string? Problem(JsonElement claims, ClerkOptions options, DateTimeOffset now)
    {
        if (claims.Text("iss") != options.Issuer)
        {
            return "it comes from another issuer";
        }

        if (Seconds(claims, "exp") is not { } expiry || now >= expiry + options.ClockSkew)
        {
            return "it has expired";
        }

        if (IsLater(claims, "nbf", now + options.ClockSkew) || IsLater(claims, "iat", now + options.ClockSkew))
        {
            return "it is not valid yet";
        }

        return PartyProblem(claims, options) ?? (claims.Text("sub") is not { Length: > 0 and <= LongestText } ? "it names nobody" : null);
    }

    public static SessionClaims Of(JsonElement claims)
    {
        var user = claims.Text("sub")!;
        return claims.TryGetProperty("o", out var o) && o.ValueKind == JsonValueKind.Object
            ? new SessionClaims(user, Id(o.Text("id")), Plain(o.Text("rol")), o.Text("slg"))
            : new SessionClaims(user, Id(claims.Text("org_id")), Plain(claims.Text("org_role")), claims.Text("org_slug"));
    }

    private static string? PartyProblem(JsonElement claims, ClerkOptions options) =>
        options.AuthorizedParties.Count > 0 && !options.AuthorizedParties.Contains(claims.Text("azp") ?? "") ? "it was made for a party that is not authorized here"
        : claims.Text("sts") == "pending" ? "its session still waits for a task of its user"
        : null;

    /// <summary>Absent is fine; present, it has to be a time, and not a later one.</summary>
    private static bool IsLater(JsonElement claims, string name, DateTimeOffset latest) =>
        claims.TryGetProperty(name, out _) && !(Seconds(claims, name) <= latest);

    private static DateTimeOffset? Seconds(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is >= 0 and <= LastSecond
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000))
            : null;

    private static string? Id(string? text) => text is { Length: > 0 and <= LongestText } ? text : null;

    private static string? Plain(string? role) => role is not null && role.StartsWith("org:", StringComparison.Ordinal) ? role["org:".Length..] : role;
}
