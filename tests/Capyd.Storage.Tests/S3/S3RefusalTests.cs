using Capyd.Storage.Repository;
using Capyd.Storage.Repository.S3;

namespace Capyd.Storage.Tests.S3;

[Collection(S3Collection.Name)]
public sealed class S3RefusalTests(S3Server server)
{
    [Fact]
    public async Task A_wrong_secret_is_told_at_once_and_never_shown()
    {
        var ground = await S3Ground.NewAsync(server);
        var wrong = new S3Credentials(S3Server.AccessKey, "wrong-secret");
        using var store = ground.NewStore(settings => settings with { Credentials = wrong, RetryBase = TimeSpan.FromMinutes(1) });

        await RefusesAsync(store, "SignatureDoesNotMatch", "The secret key is wrong");

        Assert.DoesNotContain("wrong-secret", $"{wrong} {ground.Settings with { Credentials = wrong }}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_access_key_is_named()
    {
        var ground = await S3Ground.NewAsync(server);
        using var store = ground.NewStore(settings => settings with { Credentials = new S3Credentials("nobody", "x") });

        await RefusesAsync(store, "InvalidAccessKeyId", "the access key nobody");
    }

    [Fact]
    public async Task A_bucket_that_is_missing_is_no_empty_one()
    {
        var ground = await S3Ground.NewAsync(server);
        using var store = ground.NewStore(settings => settings with { Bucket = "nowhere" });

        await RefusesAsync(store, "NoSuchBucket", "Create the bucket nowhere");
    }

    [Fact]
    public async Task A_wrong_clock_is_told_with_both_times()
    {
        var ground = await S3Ground.NewAsync(server);
        using var store = new S3ObjectStore(ground.Settings, new ShiftedClock(TimeSpan.FromHours(-2)));

        await RefusesAsync(store, "RequestTimeTooSkewed", "set the clock");
    }

    [Fact]
    public async Task A_probe_tells_how_far_the_clocks_are_apart()
    {
        var ground = await S3Ground.NewAsync(server);
        using var store = new S3ObjectStore(ground.Settings, new ShiftedClock(TimeSpan.FromMinutes(3)));

        var ahead = await store.ProbeAsync(default);

        Assert.InRange(Assert.NotNull(ahead), TimeSpan.FromMinutes(2.5), TimeSpan.FromMinutes(3.5));
    }

    [Theory]
    [InlineData("http://s3.example.org", "b", "", "not https")]
    [InlineData("https://s3.example.org/path", "b", "", "scheme, host and port only")]
    [InlineData("https://user@s3.example.org", "b", "", "scheme, host and port only")]
    [InlineData("https://s3.example.org", "b/c", "", "cannot be the name of a bucket")]
    [InlineData("https://s3.example.org", "b", "with space", "cannot be a prefix")]
    [InlineData("https://s3.example.org", "b", "ends/", "cannot be a prefix")]
    public void Settings_that_cannot_be_right_are_refused(string endpoint, string bucket, string prefix, string problem)
    {
        var settings = new S3Settings(new Uri(endpoint), bucket, new S3Credentials("a", "s")) { Prefix = prefix };

        var error = Assert.Throws<ArgumentException>(() => new S3ObjectStore(settings, TimeProvider.System));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    private static async Task RefusesAsync(S3ObjectStore store, string code, string advice)
    {
        Func<Task>[] all =
        [
            () => S3Ground.WriteAsync(store, S3Ground.Name, [1]),
            () => store.OpenReadAsync(S3Ground.Name, default),
            () => store.ExistsAsync(S3Ground.Name, default),
            () => S3Ground.ListAsync(store),
            () => store.DeleteAsync(S3Ground.Name, default),
            () => store.ProbeAsync(default),
        ];
        foreach (var call in all)
        {
            var error = await Assert.ThrowsAsync<StoreRefusedException>(call);
            Assert.Equal(code, error.Code);
            Assert.Contains(advice, error.Message, StringComparison.Ordinal);
        }
    }
}
