using Capyd.Errors;
using Capyd.Webhooks;

namespace Capyd.Tests.Webhooks;

public sealed class WebhookRuleTests
{
    [Theory]
    [InlineData("https://example.com/hook", false)]
    [InlineData("https://example.com:8443/hook?token=x", false)]
    [InlineData("http://127.0.0.1:80/", true)]
    public void A_good_address_is_taken(string url, bool allowPrivate) => Assert.Equal(url, WebhookUrl.Parse(url, allowPrivate).OriginalString);

    [Theory]
    [InlineData("http://example.com/", false)]
    [InlineData("ftp://example.com/", true)]
    [InlineData("file:///etc/passwd", true)]
    [InlineData("https://a@example.com/", true)]
    [InlineData("https://example.com/#f", true)]
    [InlineData("https://exa mple.com/", true)]
    [InlineData("https://example.com/\r\nX: y", true)]
    [InlineData("//example.com", true)]
    [InlineData(null, true)]
    public void A_bad_one_is_not(string? url, bool allowPrivate) => Assert.Throws<CapydException>(() => WebhookUrl.Parse(url, allowPrivate));

    [Fact]
    public void Events_are_known_and_stand_once()
    {
        Assert.Equal(["job.failed", "alert.resolved"], EventTypes.Parse(["job.failed", "alert.resolved", "job.failed"]));
        Assert.Empty(EventTypes.Parse(null));
        Assert.Throws<CapydException>(() => EventTypes.Parse(["webhook.test"]));
        Assert.Throws<CapydException>(() => EventTypes.Parse([null!]));
        Assert.Equal(12, EventTypes.All.Count);
    }
}
