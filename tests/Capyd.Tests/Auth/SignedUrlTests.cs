using Capyd.Auth;
using Capyd.Configuration;
using Capyd.Errors;
using Capyd.Storage.Secrets;
using Microsoft.AspNetCore.Http;

namespace Capyd.Tests.Auth;

public sealed class SignedUrlTests : IDisposable
{
    private static readonly DateTimeOffset Expires = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private const string Path = "/v1/exports/exp_a/content";

    private readonly string _directory = Directory.CreateTempSubdirectory("capyd-test-").FullName;
    private readonly StoppedClock _clock = new(Expires.AddMinutes(-1));
    private readonly CapydOptions _options = new();

    [Fact]
    public void A_url_is_good_until_it_expires()
    {
        var query = Query(Make("export"));
        Urls().Require("export", Path, query["expires"], query["signature"]);
        _clock.Now = Expires;
        var refused = Assert.Throws<CapydException>(() => Urls().Require("export", Path, query["expires"], query["signature"]));
        Assert.Contains("expired", refused.Message, StringComparison.Ordinal);
        Assert.Equal(403, refused.Code.Status);
    }

    [Fact]
    public void Another_purpose_path_time_or_signature_is_refused()
    {
        var query = Query(Make("export"));
        var (expires, signature) = (query["expires"], query["signature"]);
        Refused("upload", Path, expires, signature);
        Refused("export", Path + "x", expires, signature);
        Refused("export", Path, expires + "0", signature);
        Refused("export", Path, "-1", signature);
        Refused("export", Path, expires, signature[..^2]);
        Refused("export", Path, expires, signature + "A");
        Refused("export", Path, expires, "ä");
        Refused("export", Path, null, null);
        Refused("export", Path, expires, new string('A', 100_000));
    }

    [Fact]
    public void The_origin_is_the_operators_else_the_callers()
    {
        Assert.StartsWith($"http://db.example:8080{Path}?expires=", Make("export"), StringComparison.Ordinal);
        _options.PublicUrl = "https://capyd.example.com/api";
        Assert.StartsWith($"https://capyd.example.com/api{Path}?expires=", Make("export"), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private void Refused(string purpose, string path, string? expires, string? signature) =>
        Assert.Contains("signature", Assert.Throws<CapydException>(() => Urls().Require(purpose, path, expires, signature)).Message, StringComparison.Ordinal);

    private string Make(string purpose)
    {
        var context = new DefaultHttpContext { Request = { Scheme = "http", Host = new HostString("db.example", 8080) } };
        return Urls().Make(context.Request, purpose, Path, Expires);
    }

    private SignedUrl Urls() => new(SecretBox.Open(System.IO.Path.Combine(_directory, "secret.key")), _options, _clock);

    private static Dictionary<string, string> Query(string url) =>
        new Uri(url).Query[1..].Split('&').Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[1]);

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
