using Capyd.Postgres.Cluster;
using Npgsql;

namespace Capyd.Postgres.Tests.Cluster;

[Collection(nameof(TemporaryCluster))]
public sealed class RoleAdminTests(TemporaryCluster server)
{
    private readonly RoleAdmin _roles = new(server.Cluster);

    [Fact]
    public async Task A_role_logs_in_with_its_password_and_has_no_power()
    {
        var role = RoleName.Parse("role \"a'; drop --");
        var password = Password.Random();
        await _roles.EnsureAsync(new RoleSpec(role, Password.Random(), -1, "mine"), CancellationToken.None);
        await _roles.EnsureAsync(new RoleSpec(role, password, 3, "mine"), CancellationToken.None);
        await server.ExecuteAsync(null, "CREATE DATABASE role_login");

        await using var session = await server.LoginAsync("role_login", role, password);
        Assert.True(await session.ScalarAsync<bool>(
            "SELECT NOT (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) AND rolconnlimit = 3 FROM pg_roles WHERE rolname = current_user",
            CancellationToken.None));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => server.LoginAsync("postgres", role, password));
        Assert.Equal("42501", refused.SqlState);
    }

    [Fact]
    public async Task A_verifier_of_the_wanted_password_stays_and_of_another_goes()
    {
        var (role, password) = (RoleName.Parse("keeps_verifier"), Password.Random());
        const string Verifier = "SELECT rolpassword FROM pg_authid WHERE rolname = 'keeps_verifier'";
        await _roles.EnsureAsync(new RoleSpec(role, password, -1, "mine"), CancellationToken.None);
        var first = await server.ScalarAsync<string>(null, Verifier);
        await _roles.EnsureAsync(new RoleSpec(role, password, 7, "mine"), CancellationToken.None);
        Assert.Equal(first, await server.ScalarAsync<string>(null, Verifier));
        await _roles.EnsureAsync(new RoleSpec(role, Password.Random(), 7, "mine"), CancellationToken.None);
        Assert.NotEqual(first, await server.ScalarAsync<string>(null, Verifier));
        await server.ExecuteAsync(null, "ALTER ROLE keeps_verifier PASSWORD NULL");
        await _roles.EnsureAsync(new RoleSpec(role, password, 7, "mine"), CancellationToken.None);
        Assert.StartsWith("SCRAM-SHA-256$", await server.ScalarAsync<string>(null, Verifier), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_password_is_the_only_one_that_works()
    {
        var role = RoleName.Parse("changes_password");
        var first = Password.Random();
        await _roles.EnsureAsync(new RoleSpec(role, first, -1, "mine"), CancellationToken.None);
        await server.ExecuteAsync(null, "CREATE DATABASE password_login");
        await _roles.SetPasswordAsync(role, new Password("it's \\ new"), CancellationToken.None);

        await using var session = await server.LoginAsync("password_login", role, new Password("it's \\ new"));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => server.LoginAsync("password_login", role, first));
        Assert.Equal("28P01", refused.SqlState);
    }

    [Fact]
    public async Task Somebody_elses_role_is_left_alone()
    {
        await server.ExecuteAsync(null, "CREATE ROLE precious SUPERUSER");

        var failure = await Assert.ThrowsAsync<PostgresFailedException>(() =>
            _roles.EnsureAsync(new RoleSpec(RoleName.Parse("precious"), Password.Random(), -1, "mine"), CancellationToken.None));

        Assert.Equal(RetryClass.Permanent, failure.Retry);
        Assert.True(await server.ScalarAsync<bool>(null, "SELECT rolsuper FROM pg_roles WHERE rolname = 'precious'"));
    }

    [Fact]
    public async Task A_role_that_is_needed_is_kept_and_the_need_named()
    {
        var role = RoleName.Parse("needed");
        await _roles.EnsureAsync(new RoleSpec(role, Password.Random(), -1, "mine"), CancellationToken.None);
        await server.ExecuteAsync(null, "CREATE DATABASE needs_role OWNER needed");

        var failure = await Assert.ThrowsAsync<PostgresFailedException>(() => _roles.DropAsync(role, CancellationToken.None));
        Assert.Contains("database needs_role", failure.Message, StringComparison.Ordinal);

        await server.ExecuteAsync(null, "DROP DATABASE needs_role");
        await _roles.DropAsync(role, CancellationToken.None);
        await _roles.DropAsync(role, CancellationToken.None);
        Assert.False(await _roles.ExistsAsync(role, CancellationToken.None));
    }

    [Fact]
    public async Task Members_may_act_as_the_role_and_lists_go_by_prefix()
    {
        var (role, member) = (RoleName.Parse("pre%fix_role"), RoleName.Parse("pre%fix_member"));
        await _roles.EnsureAsync(new RoleSpec(role, Password.Random(), -1, "mine"), CancellationToken.None);
        await _roles.EnsureAsync(new RoleSpec(member, Password.Random(), -1, "mine"), CancellationToken.None);
        await _roles.GrantAsync(role, member, CancellationToken.None);
        await _roles.GrantAsync(role, member, CancellationToken.None);

        Assert.True(await server.ScalarAsync<bool>(null, "SELECT pg_has_role('pre%fix_member', 'pre%fix_role', 'MEMBER')"));
        Assert.Equal([member, role], await _roles.ListAsync("pre%", CancellationToken.None));
    }
}
