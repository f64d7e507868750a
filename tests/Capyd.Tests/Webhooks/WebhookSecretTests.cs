using System.Text;
using Capyd.Webhooks;

namespace Capyd.Tests.Webhooks;

public sealed class WebhookSecretTests
{
    /// <summary>Computed with: printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac whsec_test</summary>
    [Fact]
    public void A_signature_is_what_openssl_makes_of_time_dot_body() => Assert.Equal(
        "t=1700000000,v1=38877139021993b830af32feea6e18a8da83eb2f6e49ee50bd9e4cf4ca4d3789",
        new WebhookSecret("whsec_test").Sign(DateTimeOffset.FromUnixTimeSeconds(1700000000), Encoding.UTF8.GetBytes("{\"a\":1}")));

    [Fact]
    public void A_secret_does_not_print_itself()
    {
        var secret = WebhookSecret.New();
        Assert.StartsWith("whsec_", secret.Plaintext, StringComparison.Ordinal);
        Assert.DoesNotContain(secret.Plaintext[6..], $"{secret}", StringComparison.Ordinal);
    }
}
