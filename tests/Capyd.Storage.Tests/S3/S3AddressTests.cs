using Capyd.Storage.Repository.S3;

namespace Capyd.Storage.Tests.S3;

public sealed class S3AddressTests
{
    private static readonly S3Settings Settings = new(new Uri("https://s3.example.org:8443"), "bucket", new S3Credentials("a", "s"));

    [Theory]
    [InlineData(true, "k/1", "https://s3.example.org:8443/bucket/k/1?a=x%2Fy%20z&b=")]
    [InlineData(true, "", "https://s3.example.org:8443/bucket?a=x%2Fy%20z&b=")]
    [InlineData(false, "k/1", "https://bucket.s3.example.org:8443/k/1?a=x%2Fy%20z&b=")]
    [InlineData(false, "", "https://bucket.s3.example.org:8443/?a=x%2Fy%20z&b=")]
    public void The_bucket_is_in_the_path_or_in_the_host(bool pathStyle, string key, string uri)
    {
        using var deadline = new ProgressDeadline(TimeSpan.FromMinutes(1), TimeProvider.System, default);
        var request = new S3Request(HttpMethod.Get, key) { Query = [("b", ""), ("a", "x/y z")] };

        using var message = new S3Address(Settings with { PathStyle = pathStyle }).NewMessage(request, deadline, DateTimeOffset.UnixEpoch);

        Assert.Equal(uri, message.RequestUri?.AbsoluteUri);
        Assert.Equal(new Uri(uri).Authority, message.Headers.Host);
        Assert.Contains("SignedHeaders=host;x-amz-content-sha256;x-amz-date", Assert.Single(message.Headers.GetValues("Authorization")), StringComparison.Ordinal);
    }
}
