using System.Text;
using System.Text.Json;
using Capyd.Auth.Clerk;
using Capyd.Configuration;

namespace Capyd.Tests.Auth;

public sealed class SessionClaimsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
    private readonly ClerkOptions _options = new() { Issuer = "https://c.example", AuthorizedParties = ["https://a.example"] };

    [Theory]
    [InlineData("""{"exp":1800000001}""", null)]
    [InlineData("""{"exp":1799999996}""", null)]
    [InlineData("""{"exp":1799999995}""", "it has expired")]
    [InlineData("""{"exp":1800000060,"nbf":1800000005}""", null)]
    [InlineData("""{"exp":1800000060,"nbf":1800000006}""", "it is not valid yet")]
    [InlineData("""{"exp":1800000060,"nbf":"soon"}""", "it is not valid yet")]
    [InlineData("""{"exp":1800000060,"iat":1800000099}""", "it is not valid yet")]
    [InlineData("""{"exp":null}""", "it has expired")]
    [InlineData("""{"exp":253402300799}""", "it has expired")]
    [InlineData("""{"exp":1800000060,"iss":"https://d.example"}""", "it comes from another issuer")]
    [InlineData("""{"exp":1800000060,"azp":"https://b.example"}""", "it was made for a party that is not authorized here")]
    [InlineData("""{"exp":1800000060,"sub":""}""", "it names nobody")]
    public void Each_claim_is_held_to_what_it_says(string some, string? problem)
    {
        var claims = new Dictionary<string, JsonElement>();
        foreach (var source in new[] { """{"iss":"https://c.example","azp":"https://a.example","sub":"user_1"}""", some })
        {
            foreach (var member in JsonDocument.Parse(source).RootElement.EnumerateObject())
            {
                claims[member.Name] = member.Value;
            }
        }

        var text = "{" + string.Join(',', claims.Select(claim => $"\"{claim.Key}\":{claim.Value.GetRawText()}")) + "}";
        Assert.Equal(problem, SessionClaims.Problem(Object(text), _options, Now));
    }

    [Theory]
    [InlineData("""{"sub":"u","v":2,"o":{"id":"org_1","rol":"admin","slg":"s"}}""", "org_1", true)]
    [InlineData("""{"sub":"u","o":{"id":"org_1","rol":"editor"}}""", "org_1", false)]
    [InlineData("""{"sub":"u","org_id":"org_1","org_role":"org:admin","org_slug":"s"}""", "org_1", true)]
    [InlineData("""{"sub":"u","org_id":"org_1","org_role":"org:member"}""", "org_1", false)]
    [InlineData("""{"sub":"u","o":{"id":"org_1","rol":"member"},"org_id":"org_2","org_role":"org:admin"}""", "org_1", false)]
    [InlineData("""{"sub":"u","org_id":7,"org_role":["admin"]}""", null, false)]
    [InlineData("""{"sub":"u"}""", null, false)]
    public void The_organization_is_read_from_both_versions(string claims, string? organization, bool administrator)
    {
        var read = SessionClaims.Of(Object(claims));
        Assert.Equal((organization, administrator), (read.OrganizationId, read.IsAdministrator));
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"o":{"id":1,"id":2}}""")]
    [InlineData("[1]")]
    [InlineData("{")]
    [InlineData("\"x\"")]
    [InlineData("{\"\\ud800\":1}")]
    public void Json_that_might_mean_two_things_means_nothing(string json) => Assert.Null(StrictJson.Parse(Encoding.UTF8.GetBytes(json)));

    private static JsonElement Object(string json) => StrictJson.Parse(Encoding.UTF8.GetBytes(json))!.Value;
}
