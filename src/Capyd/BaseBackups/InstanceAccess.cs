using Capyd.Auth;
using Capyd.Storage.BaseBackups;
using Capyd.Storage.Organizations;

namespace Capyd.BaseBackups;

/// <summary>Base backups hold the databases of everybody on the server, so only those who administer the server speak of them.</summary>
internal static class InstanceAccess
{
    /// <exception cref="CapydException">403: the key is bound to one project, or is not of the organization that the server belongs to.</exception>
    public static void Require(MetadataSession session, Principal principal)
    {
        principal.RequireOrganizationWide();
        if (OrganizationStore.First(session)?.Id != principal.Organization)
        {
            throw new CapydException(ErrorCode.Forbidden, "base backups are those of the whole server, and belong to its first organization");
        }
    }

    /// <summary>A base backup that is not deleted.</summary>
    /// <inheritdoc cref="Require"/>
    public static BaseBackupRow Find(MetadataSession session, Principal principal, string id)
    {
        Require(session, principal);
        return BaseBackupId.TryParse(id, out var parsed) && BaseBackupStore.Find(session, parsed) is { State: not "deleted" } row
            ? row
            : throw CapydException.NotFound("base backup");
    }
}
