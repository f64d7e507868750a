using Capyd.Auth;
using Capyd.Errors;

namespace Capyd.Tests.Auth;

public sealed class ScopesTests
{
    [Fact]
    public void The_first_unknown_scope_is_named() =>
        Assert.Contains("'root'", Assert.Throws<CapydException>(() => Scopes.Parse(["jobs:read", "root"], false)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_project_key_cannot_hold_a_scope_of_the_organisation() =>
        Assert.Throws<CapydException>(() => Scopes.Parse(["api_keys:write"], projectScoped: true));

    [Fact]
    public void The_order_of_scopes_is_kept() =>
        Assert.Equal(["jobs:read", "backups:read"], Scopes.Parse(["jobs:read", "backups:read", "jobs:read"], false));
}
