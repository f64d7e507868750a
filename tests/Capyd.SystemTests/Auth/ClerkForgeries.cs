using System.Security.Cryptography;

namespace Capyd.SystemTests.Auth;

/// <summary>Tokens that must not get in, each for one reason.</summary>
internal static class ClerkForgeries
{
    public static IEnumerable<(string What, string Token)> Of(ClerkInstance clerk)
    {
        using var stranger = new ClerkInstance();
        var good = clerk.Sign(ClerkInstance.Claims());
        var parts = good.Split('.');
        yield return ("another's key under the known name", stranger.Sign(ClerkInstance.Claims()));
        yield return ("an unknown key", clerk.Sign(ClerkInstance.Claims(), Header("RS256", "ins_other")));
        yield return ("a key name that stands twice in the set", clerk.Sign(ClerkInstance.Claims(), Header("RS256", "twice")));
        yield return ("no key name", clerk.Sign(ClerkInstance.Claims(), new JsonObject { ["alg"] = "RS256" }));
        yield return ("alg none without signature", $"{ClerkInstance.Encode("""{"alg":"none","kid":"ins_key_1"}""")}.{parts[1]}.");
        yield return ("alg none with signature", clerk.Sign(ClerkInstance.Claims(), Header("none", clerk.KeyId)));
        yield return ("alg None", clerk.Sign(ClerkInstance.Claims(), Header("nOnE", clerk.KeyId)));
        yield return ("alg RS512", clerk.Sign(ClerkInstance.Claims(), Header("RS512", clerk.KeyId)));
        yield return ("alg rs256", clerk.Sign(ClerkInstance.Claims(), Header("rs256", clerk.KeyId)));
        yield return ("HS256 with the public key", clerk.SignByPublicKey(ClerkInstance.Claims()));
        yield return ("a critical header", clerk.SignText("""{"alg":"RS256","kid":"ins_key_1","crit":["b64"],"b64":false}""", ClerkInstance.Claims().ToJsonString()));
        yield return ("a header that says two things", clerk.SignText("""{"alg":"none","alg":"RS256","kid":"ins_key_1"}""", ClerkInstance.Claims().ToJsonString()));
        yield return ("claims that say two things", clerk.SignText("""{"alg":"RS256","kid":"ins_key_1"}""", ClerkInstance.Claims("member").ToJsonString()[..^1] + ""","o":{"id":"org_2abc","rol":"admin"}}"""));
        yield return ("changed claims", $"{parts[0]}.{ClerkInstance.Encode(ClerkInstance.Claims(organization: "org_victim").ToJsonString())}.{parts[2]}");
        yield return ("a cut signature", good[..^8]);
        yield return ("no signature", $"{parts[0]}.{parts[1]}.");
        yield return ("two parts", $"{parts[0]}.{parts[1]}");
        yield return ("four parts", good + ".x");
        yield return ("padding", good + "=");
        yield return ("noise", "a.b.c");
        yield return ("claims that are a list", clerk.SignText("""{"alg":"RS256","kid":"ins_key_1"}""", "[]"));
        yield return ("oversized", clerk.Sign(With("pad", Convert.ToHexString(RandomNumberGenerator.GetBytes(9000)))));
        yield return ("expired", clerk.Sign(With("exp", DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 60)));
        yield return ("no exp", clerk.Sign(Without("exp")));
        yield return ("exp as text", clerk.Sign(With("exp", "9999999999")));
        yield return ("exp beyond time", clerk.Sign(With("exp", 1e300)));
        yield return ("not valid yet", clerk.Sign(With("nbf", DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 600)));
        yield return ("issued in the future", clerk.Sign(With("iat", DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 600)));
        yield return ("another issuer", clerk.Sign(With("iss", "https://clerk.evil.example")));
        yield return ("an issuer with a slash", clerk.Sign(With("iss", ClerkInstance.Issuer + "/")));
        yield return ("no issuer", clerk.Sign(Without("iss")));
        yield return ("another party", clerk.Sign(With("azp", "https://evil.example")));
        yield return ("no party", clerk.Sign(Without("azp")));
        yield return ("nobody", clerk.Sign(Without("sub")));
        yield return ("a session that is pending", clerk.Sign(With("sts", "pending")));
    }

    private static JsonObject Header(string algorithm, string keyId) => new() { ["alg"] = algorithm, ["kid"] = keyId };

    private static JsonObject With(string claim, JsonNode value)
    {
        var claims = ClerkInstance.Claims();
        claims[claim] = value;
        return claims;
    }

    private static JsonObject Without(string claim)
    {
        var claims = ClerkInstance.Claims();
        claims.Remove(claim);
        return claims;
    }
}
