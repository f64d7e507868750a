namespace Capyd.SystemTests.Auth;

public sealed class ClerkKeyUrlTests
{
    [SystemFact]
    public async Task Keys_come_from_a_url_once_for_many_requests_and_invented_names_fetch_nothing()
    {
        using var clerk = new ClerkInstance();
        await using var publisher = new Receiver { Content = clerk.Jwks };
        await using var daemon = CapydDaemon.Embedded(
            Machine.NewDirectory(), ("CAPYD_AUTH_CLERK_ISSUER", ClerkInstance.Issuer), ("CAPYD_AUTH_CLERK_JWKS_URL", publisher.Url + "jwks.json"),
            ("CAPYD_AUTH_CLERK_CREATE_ORGANIZATIONS", "false"), ("CAPYD_AUTH_CLERK_ORGANIZATIONS", "org_2abc=local"));
        await daemon.StartAsync();
        using var admin = new ApiClient(daemon.Address, clerk.Sign(ClerkInstance.Claims()));
        (await admin.GetAsync("/v1/me")).Expect(200);
        publisher.Status = 500;
        for (var i = 0; i < 20; i++)
        {
            using var inventor = new ApiClient(daemon.Address, clerk.Sign(ClerkInstance.Claims(), new JsonObject { ["alg"] = "RS256", ["kid"] = $"ins_{i}" }));
            (await inventor.GetAsync("/v1/me")).Refused(401, "not known");
        }

        (await admin.GetAsync("/v1/me")).Expect(200);
        Assert.Equal("/jwks.json", Assert.Single(publisher.All).Path);
        using var unnamed = new ApiClient(daemon.Address, clerk.Sign(ClerkInstance.Claims(organization: "org_unnamed")));
        (await unnamed.GetAsync("/v1/me")).Refused(403, "no place on this server");
    }

    [SystemFact]
    public async Task Half_a_configuration_is_refused_at_the_start()
    {
        var refused = await Command.RunAsync(
            Machine.Binary, new Dictionary<string, string> { ["CAPYD_AUTH_CLERK_ISSUER"] = ClerkInstance.Issuer }, "check-config");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("jwks_url or jwks_file", refused.Errors, StringComparison.Ordinal);
    }
}
