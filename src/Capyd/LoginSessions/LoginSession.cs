using Capyd.Storage.LoginSessions;

namespace Capyd.LoginSessions;

/// <summary>Where a login stands, and what is refused for it.</summary>
internal static class LoginSession
{
    public const string Pending = "pending";
    public const string Completed = "completed";

    /// <summary>From the start to the handing over of the key (contract D.16).</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>How long the key of a device or an agent lives at most.</summary>
    public static readonly TimeSpan KeyLifetime = TimeSpan.FromDays(90);

    public static LoginSessionRow Find(MetadataSession session, string? sessionId) =>
        LoginSessionId.TryParse(sessionId, out var id) && LoginSessionStore.Find(session, id) is { } row ? row : throw CapydException.NotFound("cli login session");

    /// <summary>Refuses a session that nothing can come of any more.</summary>
    public static void RequireOpen(LoginSessionRow row, DateTimeOffset now)
    {
        if (row.CollectedAt is not null)
        {
            throw new CapydException(ErrorCode.Gone, "the key of this cli login session was handed over", "log in again for another");
        }

        if (row.ExpiresAt <= now)
        {
            throw new CapydException(ErrorCode.Gone, $"this cli login session ended after {Lifetime.TotalMinutes} minutes", "log in again");
        }
    }

    /// <summary>The end of the key: as it was asked for, but never later than its kind may live.</summary>
    public static DateTimeOffset KeyExpiry(LoginSessionRow row, DateTimeOffset now) =>
        row.KeyExpiresAt is { } asked && asked < now + KeyLifetime ? asked : now + KeyLifetime;

    public static LoginDetailsBody Details(LoginSessionRow row, DateTimeOffset now) => new(
        row.Id.ToString(), row.AuthorizedAt is null ? Pending : Completed, row.Source, row.KeyName, row.Scopes, row.DeviceName, KeyExpiry(row, now), row.ExpiresAt);
}
