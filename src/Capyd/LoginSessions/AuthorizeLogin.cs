using Capyd.Audit;
using Capyd.Auth;
using Capyd.Storage.LoginSessions;

namespace Capyd.LoginSessions;

/// <summary>A person says that a waiting machine may have its key: in the browser, through the API, or on the host.</summary>
internal static class AuthorizeLogin
{
    /// <summary>Nobody can give a key that may do more than they may.</summary>
    public static LoginSessionRow Run(MetadataTransaction tx, Principal principal, string? sessionId, DateTimeOffset now)
    {
        principal.RequireOrganizationWide();
        var row = LoginSession.Find(tx, sessionId);
        LoginSession.RequireOpen(row, now);
        foreach (var scope in row.Scopes.Prepend(Scopes.ApiKeysWrite))
        {
            if (!principal.Has(scope))
            {
                throw new CapydException(ErrorCode.Forbidden, $"this credential lacks the scope {scope}, so it cannot give it to another");
            }
        }

        if (!LoginSessionStore.Authorize(tx, row.Id, principal.Organization, principal.UserId, now))
        {
            throw new CapydException(ErrorCode.WrongState, "this cli login session is authorized already", "the machine that began it collects its key");
        }

        AuditTrail.Append(tx, principal, "cli_login.authorized", null, now, new AuditDetail(Target: row.Id.ToString(), Name: row.KeyName));
        return LoginSessionStore.Find(tx, row.Id)!;
    }
}
