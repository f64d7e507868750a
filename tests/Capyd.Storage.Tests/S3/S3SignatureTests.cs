using Capyd.Storage.Repository.S3;

namespace Capyd.Storage.Tests.S3;

/// <summary>The examples of AWS's description of Signature Version 4 for S3.</summary>
public sealed class S3SignatureTests
{
    private const string Host = "examplebucket.s3.amazonaws.com";
    private const string Day = "20130524T000000Z";

    private static readonly S3Settings Settings = new(
        new Uri("https://s3.amazonaws.com"), "examplebucket", new S3Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"));

    [Fact]
    public void A_ranged_read_of_an_object() => Holds(
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        "GET",
        "/test.txt",
        ("host", Host),
        ("range", "bytes=0-9"),
        ("x-amz-content-sha256", S3Signature.OfNothing),
        ("x-amz-date", Day));

    [Fact]
    public void A_write_of_an_object() => Holds(
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        "PUT",
        "/test%24file.text",
        ("date", "Fri, 24 May 2013 00:00:00 GMT"),
        ("host", Host),
        ("x-amz-content-sha256", "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"),
        ("x-amz-date", Day),
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"));

    [Fact]
    public void A_question_about_the_bucket() => Holds(
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        "GET",
        "/?lifecycle=",
        ("host", Host),
        ("x-amz-content-sha256", S3Signature.OfNothing),
        ("x-amz-date", Day));

    [Fact]
    public void A_listing() => Holds(
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        "GET",
        "/?max-keys=2&prefix=J",
        ("host", Host),
        ("x-amz-content-sha256", S3Signature.OfNothing),
        ("x-amz-date", Day));

    private static void Holds(string signature, string method, string path, params (string Name, string Value)[] headers)
    {
        var authorization = S3Signature.Authorization(Settings, method, new Uri($"https://{Host}{path}"), headers);

        Assert.StartsWith("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=", authorization, StringComparison.Ordinal);
        Assert.EndsWith($",Signature={signature}", authorization, StringComparison.Ordinal);
    }
}
