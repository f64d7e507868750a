using Capyd.Storage.ApiKeys;
using Capyd.Storage.LoginSessions;
using Capyd.Storage.Organizations;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Tests.LoginSessions;

public sealed class LoginSessionStoreTests : IDisposable
{
    private readonly Metadata _metadata = new();

    [Fact]
    public void A_session_is_authorized_once_and_collected_once()
    {
        var row = New(TestClock.Now.AddMinutes(10));
        Assert.Equivalent(row, Find(row), strict: true);
        Assert.False(Collect(row, NewKey(1)));
        Assert.True(Authorize(row, TestClock.Now));
        Assert.False(Authorize(row, TestClock.Now));
        Assert.Equal(("user_1", _metadata.Organization.Id), (Find(row)!.UserId, Find(row)!.OrganizationId!.Value));
        var key = NewKey(2);
        Assert.True(Collect(row, key));
        Assert.False(Collect(row, NewKey(3)));
        Assert.Equal(key, Find(row)!.ApiKeyId);
    }

    [Fact]
    public void A_session_that_is_over_is_neither_authorized_nor_counted_and_forgotten_in_time()
    {
        var over = New(TestClock.Now);
        New(TestClock.Now.AddSeconds(1));
        Assert.False(Authorize(over, TestClock.Now));
        Assert.Equal(1, _metadata.Read(s => LoginSessionStore.CountOpen(s, TestClock.Now)));
        Assert.Equal(1, _metadata.Write(tx => LoginSessionStore.Prune(tx, TestClock.Now.AddSeconds(1))));
        Assert.Null(Find(over));
    }

    [Fact]
    public void A_clerk_organization_is_one_organization_here()
    {
        var row = new ClerkOrganizationRow("org_2abc", _metadata.Organization.Id, "acme");
        _metadata.Write(tx => ClerkOrganizationStore.Upsert(tx, row, TestClock.Now));
        _metadata.Write(tx => ClerkOrganizationStore.Upsert(tx, row with { Slug = "acme-2" }, TestClock.Now));
        Assert.Equal(row with { Slug = "acme-2" }, _metadata.Read(s => ClerkOrganizationStore.Find(s, "org_2abc")));
        Assert.Equal("org_2abc", _metadata.Read(s => ClerkOrganizationStore.FindByOrganization(s, row.OrganizationId))!.ClerkId);
        Assert.Throws<ConstraintViolationException>(() => _metadata.Write(tx => ClerkOrganizationStore.Upsert(tx, row with { ClerkId = "org_other" }, TestClock.Now)));
    }

    public void Dispose() => _metadata.Dispose();

    private LoginSessionRow? Find(LoginSessionRow row) => _metadata.Read(s => LoginSessionStore.Find(s, row.Id));

    private bool Authorize(LoginSessionRow row, DateTimeOffset at) => _metadata.Write(tx => LoginSessionStore.Authorize(tx, row.Id, _metadata.Organization.Id, "user_1", at));

    private bool Collect(LoginSessionRow row, ApiKeyId key) => _metadata.Write(tx => LoginSessionStore.Collect(tx, row.Id, key, TestClock.Now));

    private ApiKeyId NewKey(byte seed)
    {
        var key = new ApiKeyRow
        {
            Id = ApiKeyId.New(), OrganizationId = _metadata.Organization.Id, Name = "k", KeyPrefix = "p", KeyHash = [.. Enumerable.Repeat(seed, 32)],
            Scopes = ["*"], Source = "cli", CreatedAt = TestClock.Now,
        };
        _metadata.Write(tx => ApiKeyStore.Insert(tx, key));
        return key.Id;
    }

    private LoginSessionRow New(DateTimeOffset expiry)
    {
        var row = new LoginSessionRow
        {
            Id = LoginSessionId.New(), PollTokenHash = new byte[32], Source = "cli", KeyName = "laptop", DeviceName = "box", Scopes = ["*"],
            KeyExpiresAt = TestClock.Now.AddDays(1), ExpiresAt = expiry, CreatedAt = TestClock.Now,
        };
        _metadata.Write(tx => LoginSessionStore.Insert(tx, row));
        return row;
    }
}
