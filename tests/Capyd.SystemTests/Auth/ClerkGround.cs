namespace Capyd.SystemTests.Auth;

/// <summary>A daemon that takes the sessions of a Clerk instance, with its keys in a file.</summary>
public sealed class ClerkGround : DaemonGround
{
    private readonly string _jwks;

    public ClerkGround()
        : this(Path.GetTempFileName())
    {
    }

    private ClerkGround(string jwks)
        : base(
            ("CAPYD_AUTH_CLERK_ISSUER", ClerkInstance.Issuer), ("CAPYD_AUTH_CLERK_JWKS_FILE", jwks),
            ("CAPYD_AUTH_CLERK_AUTHORIZED_PARTIES", ClerkInstance.Party), ("CAPYD_AUTH_CLERK_ORGANIZATIONS", "org_2abc=local,org_lost=nowhere"))
    {
        _jwks = jwks;
        File.WriteAllText(_jwks, ClerkInstance.Set(Clerk.Key(), Clerk.Key("twice"), Clerk.Key("twice")));
    }

    public ClerkInstance Clerk { get; } = new();

    public ApiClient As(string token) => new(Daemon.Address, token);

    public ApiClient Admin() => As(Clerk.Sign(ClerkInstance.Claims()));

    public ApiClient Member() => As(Clerk.Sign(ClerkInstance.Claims("member", user: "user_2")));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Clerk.Dispose();
        File.Delete(_jwks);
    }
}
