using Capyd.Storage.Organizations;

namespace Capyd.Auth;

/// <summary>
/// Who is logged in on the host and may administer it needs no key on the Unix socket: root, capyd's own OS user, and the members of
/// <c>operator_group</c>. A key that is sent all the same is taken as everywhere.
/// </summary>
internal sealed class OperatorAccess(MetadataDatabase metadata, CapydOptions options)
{
    /// <returns>Null for a request that did not come over the socket.</returns>
    /// <exception cref="CapydException">It did, from somebody who is no operator.</exception>
    public Principal? Find(HttpContext context)
    {
        if (PeerCredential.Of(context) is not { } peer)
        {
            return null;
        }

        var user = OsUsers.NameOf(peer.UserId);
        return IsOperator(peer) ? Operator(user) : throw new CapydException(
            ErrorCode.Unauthenticated, $"the OS user {user} is no operator of this capyd",
            options.OperatorGroup is { } group ? $"put {user} into the group {group}, or send an API key" : "send an API key, or set operator_group in capyd.yaml");
    }

    private bool IsOperator(PeerCredential peer) =>
        peer.UserId == 0 || peer.UserId == OsUsers.Current || (options.OperatorGroup is { } group && OsUsers.IsMember(peer.UserId, peer.GroupId, group));

    private Principal Operator(string user)
    {
        var organization = metadata.Read(OrganizationStore.First) ?? throw new InvalidOperationException("there is no organisation");
        return new Principal(organization.Id, [Scopes.Everything], null, new Actor("operator", user)) { AuthSource = "admin_token", IsAdministrator = true };
    }
}
