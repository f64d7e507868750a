using Capyd.Errors;
using Capyd.Network;

namespace Capyd.Tests.Network;

public sealed class VettedHostTests
{
    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST.")]
    [InlineData("db.local")]
    [InlineData("metadata.google.internal")]
    [InlineData("x.localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("127.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("0177.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("[::ffff:10.0.0.1]")]
    [InlineData("169.254.169.254")]
    public async Task Every_spelling_of_an_inner_host_is_refused(string name)
    {
        var refusal = await Assert.ThrowsAsync<CapydException>(() => VettedHost.ResolveAsync(name, allowPrivate: false, CancellationToken.None));
        Assert.Contains("host is not allowed", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_private_host_will_do_when_the_operator_says_so()
    {
        var host = await VettedHost.ResolveAsync("127.0.0.1", allowPrivate: true, CancellationToken.None);
        Assert.Equal("127.0.0.1", Assert.Single(host.Addresses).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("no such host")]
    [InlineData("a\0b")]
    public async Task What_has_no_address_is_refused(string name) =>
        await Assert.ThrowsAsync<CapydException>(() => VettedHost.ResolveAsync(name, allowPrivate: false, CancellationToken.None));
}
