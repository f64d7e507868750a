using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Capyd.Auth.Clerk;
using Microsoft.Extensions.Logging.Abstractions;

namespace Capyd.Tests.Auth;

public sealed class ClerkKeysTests
{
    private readonly HandClock _clock = new();
    private string? _content;
    private int _reads;

    [Fact]
    public async Task A_new_key_is_fetched_when_it_is_first_named()
    {
        using var keys = New();
        _content = Set(Key("one"));
        Assert.NotNull(await keys.FindAsync("one"));
        _content = Set(Key("one"), Key("two"));
        Assert.Null(await keys.FindAsync("two"));
        _clock.Pass(TimeSpan.FromMinutes(1));
        Assert.NotNull(await keys.FindAsync("two"));
        Assert.Equal(2, _reads);
    }

    [Fact]
    public async Task Invented_names_fetch_once_a_minute_at_most()
    {
        using var keys = New();
        _content = Set(Key("one"));
        for (var i = 0; i < 100; i++)
        {
            Assert.Null(await keys.FindAsync($"invented {i}"));
        }

        Assert.Equal(1, _reads);
    }

    [Fact]
    public async Task Old_keys_go_on_while_new_ones_cannot_be_had_and_leave_when_they_can()
    {
        using var keys = New();
        _content = Set(Key("one"));
        Assert.NotNull(await keys.FindAsync("one"));
        _content = null;
        _clock.Pass(TimeSpan.FromHours(5));
        Assert.NotNull(await keys.FindAsync("one"));
        _content = "this is no key set";
        _clock.Pass(TimeSpan.FromMinutes(1));
        Assert.NotNull(await keys.FindAsync("one"));
        _content = Set(Key("two"));
        _clock.Pass(TimeSpan.FromMinutes(1));
        Assert.Null(await keys.FindAsync("one"));
        Assert.Equal(4, _reads);
    }

    [Fact]
    public void Only_strong_rsa_keys_for_signing_count_and_a_name_only_once()
    {
        var set = JwkSet.Parse(Encoding.UTF8.GetBytes(Set(
            Key("good"), Key("twice"), Key("twice"), Key("weak", 1024), Key("enc", extra: ",\"use\":\"enc\""), Key("other", extra: ",\"alg\":\"RS512\""),
            """{"kty":"oct","kid":"secret","k":"AAAA"}""", """{"kty":"EC","kid":"curve"}""", """{"kty":"RSA"}""")));
        Assert.Equal(1, set.Count);
        Assert.NotNull(set.Find("good"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"keys":7}""")]
    [InlineData("""{"keys":[7]}""")]
    [InlineData("""{"keys":[{"kty":"RSA","kid":"x","n":"***","e":"AQAB"}]}""")]
    public void What_is_no_key_set_is_said_to_be_none(string content) =>
        Assert.Throws<InvalidDataException>(() => JwkSet.Parse(Encoding.UTF8.GetBytes(content)));

    private ClerkKeys New() => new(
        _ =>
        {
            _reads++;
            return _content is null ? throw new HttpRequestException("down") : Task.FromResult(Encoding.UTF8.GetBytes(_content));
        },
        _clock, NullLogger<ClerkKeys>.Instance);

    private static string Set(params string[] keys) => $$"""{"keys":[{{string.Join(',', keys)}}]}""";

    private static string Key(string id, int bits = 2048, string extra = "")
    {
        using var rsa = RSA.Create(bits);
        var key = rsa.ExportParameters(false);
        return $$"""{"kty":"RSA","kid":"{{id}}","n":"{{Base64Url.EncodeToString(key.Modulus)}}","e":"{{Base64Url.EncodeToString(key.Exponent)}}"{{extra}}}""";
    }

    private sealed class HandClock : TimeProvider
    {
        private long _ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(TimeSpan time) => _ticks += time.Ticks;

        public override long GetTimestamp() => _ticks;
    }
}
