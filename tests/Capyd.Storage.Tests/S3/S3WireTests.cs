using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Capyd.Storage.Repository;
using Capyd.Storage.Repository.S3;

namespace Capyd.Storage.Tests.S3;

public sealed class S3WireTests
{
    private const string Missing = "404 Not Found";
    private const string Empty = "200 OK\n\n<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";
    private const string Slow = "503 Slow Down\n\n<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>";

    [Fact]
    public async Task A_store_that_wants_less_is_asked_later()
    {
        await using var server = new CannedServer(null, Slow, Slow, Empty);
        using var store = NewStore(server);

        Assert.Empty(await S3Ground.ListAsync(store));

        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task A_store_that_never_can_is_away_in_its_own_words()
    {
        await using var server = new CannedServer(null, Slow, Slow, Slow);
        using var store = NewStore(server);

        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => S3Ground.ListAsync(store));

        Assert.Contains("3 times: 503 SlowDown: Please reduce your request rate.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_within_a_success_is_an_error()
    {
        const string Half = "200 OK\n\n<Error><Code>InternalError</Code><Message>try again</Message></Error>";
        await using var server = new CannedServer(
            null,
            Missing,
            Empty,
            "200 OK\n\n<R><UploadId>u</UploadId></R>",
            "200 OK\nETag: \"1\"\n\n",
            "200 OK\nETag: \"2\"\n\n",
            Missing,
            Half,
            "200 OK\n\n<CompleteMultipartUploadResult><ETag></ETag></CompleteMultipartUploadResult>");
        using var store = NewStore(server);

        await S3Ground.WriteAsync(store, S3Ground.Name, S3Ground.Bytes(S3Settings.SmallestPart + 1));

        Assert.Equal(8, server.Requests.Count);
        Assert.Contains("<PartNumber>2</PartNumber><ETag>&quot;2&quot;</ETag>", server.Requests[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_without_conditions_is_written_to_without_them()
    {
        await using var server = new CannedServer(
            null, Missing, Empty, "501 Not Implemented\n\n<Error><Code>NotImplemented</Code></Error>", "200 OK\nETag: \"1\"\n\n", Missing, "200 OK\nETag: \"2\"\n\n");
        using var store = NewStore(server);

        await S3Ground.WriteAsync(store, S3Ground.Name, [1]);
        await S3Ground.WriteAsync(store, S3Ground.Name, [2]);

        Assert.Equal([false, false, true, false, false, false], server.Requests.ConvertAll(head => head.Contains("if-none-match: *", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task A_bucket_in_another_region_is_told_with_its_region()
    {
        await using var server = new CannedServer(
            null, "301 Moved Permanently\nx-amz-bucket-region: eu-north-1\n\n<Error><Code>PermanentRedirect</Code><Message>Elsewhere.</Message></Error>");
        using var store = NewStore(server);

        var error = await Assert.ThrowsAsync<StoreRefusedException>(() => S3Ground.ListAsync(store));

        Assert.Contains("set region (now us-east-1) to eu-north-1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_counts_only_when_its_authority_is_known()
    {
        using var directory = new TemporaryDirectory();
        using var certificate = SelfSigned();
        await File.WriteAllTextAsync(directory["ca.pem"], certificate.ExportCertificatePem());
        await using var server = new CannedServer(certificate, Empty);
        using var stranger = NewStore(server);
        using var friend = NewStore(server, directory["ca.pem"]);

        var error = await Assert.ThrowsAsync<StoreRefusedException>(() => S3Ground.ListAsync(stranger));

        Assert.Equal("TlsFailed", error.Code);
        Assert.Contains("ca_file", error.Message, StringComparison.Ordinal);
        Assert.Empty(await S3Ground.ListAsync(friend));
    }

    private static S3ObjectStore NewStore(CannedServer server, string? caFile = null) => new(
        new S3Settings(server.Endpoint, "bucket", new S3Credentials("a", "s"))
        {
            AllowHttp = true,
            PartSize = S3Settings.SmallestPart,
            Attempts = 3,
            RetryBase = TimeSpan.FromMilliseconds(1),
            CaFile = caFile,
        },
        TimeProvider.System);

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=store", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
