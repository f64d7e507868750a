using System.Net;
using System.Security.Cryptography;

namespace Capyd.Storage.Repository.S3;

/// <summary>Makes objects that are never replaced, out of requests that would replace them.</summary>
internal sealed class S3Objects(S3Client client)
{
    private const string DigestHeader = "x-amz-meta-sha256";

    // Some stores answer 501 to a condition; there the look before the write is all there is.
    private volatile bool _unconditional;
    private volatile bool _bucketSeen;

    /// <summary>Null if there is no such object.</summary>
    public async Task<S3Found?> FindAsync(string key, CancellationToken ct)
    {
        using var answer = await client.SendAsync(
            new S3Request(HttpMethod.Head, key) { Expected = [HttpStatusCode.NotFound, HttpStatusCode.Forbidden, HttpStatusCode.BadRequest, HttpStatusCode.MovedPermanently] }, ct);
        if (answer.Status == HttpStatusCode.OK)
        {
            return new S3Found(answer.Length, answer.Header(DigestHeader));
        }

        await SeeBucketAsync(answer, ct);
        return null;
    }

    /// <summary>Stores a body of one part at once.</summary>
    /// <returns>False if the name is taken.</returns>
    public Task<bool> PutAsync(string key, S3Body body, CancellationToken ct) => CreateAsync(
        new S3Request(HttpMethod.Put, key) { Body = body, Headers = [(DigestHeader, body.Sha256)] }, ct);

    /// <summary>Sends what makes an object, on the condition that there is none of that name.</summary>
    /// <returns>False if there is one, or if what the request speaks of is gone: an earlier attempt may have been heard after all.</returns>
    public async Task<bool> CreateAsync(S3Request request, CancellationToken ct)
    {
        var plain = _unconditional;
        using var answer = await client.SendAsync(plain ? request : Conditional(request), ct);
        if (answer.Status == HttpStatusCode.NotImplemented && !plain)
        {
            _unconditional = true;
            return await CreateAsync(request, ct);
        }

        return answer.Status is not (HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound);
    }

    /// <summary>Whether the object under <paramref name="key"/> has these bytes. Reads it only if its writer left no digest.</summary>
    public async Task<bool> HoldsAsync(string key, S3Found found, (long Size, string Sha256) bytes, CancellationToken ct)
    {
        if (found.Size != bytes.Size)
        {
            return false;
        }

        return (found.Sha256 ?? await DigestAsync(key, ct)) == bytes.Sha256;
    }

    private async Task<string> DigestAsync(string key, CancellationToken ct)
    {
        await using var stream = await S3ReadStream.OpenAsync(client, key, range: null, ct)
            ?? throw new StoreUnavailableException($"The object {key} was removed while it was compared.");
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, ct));
    }

    // An answer to HEAD has no words. What is wrong with the bucket or the key pair, a listing says with words.
    private async Task SeeBucketAsync(S3Answer head, CancellationToken ct)
    {
        if (!_bucketSeen || head.Status != HttpStatusCode.NotFound)
        {
            using var listing = await client.SendAsync(S3Listing.Request("", pageSize: 1, after: null), ct);
            _bucketSeen = true;
        }

        if (head.Status != HttpStatusCode.NotFound)
        {
            throw S3Verdict.Refusal(head, client.Settings, client.Clock.GetUtcNow());
        }
    }

    private static S3Request Conditional(S3Request request) => request with
    {
        Headers = [.. request.Headers, ("if-none-match", "*")],
        Expected = [.. request.Expected, HttpStatusCode.PreconditionFailed, HttpStatusCode.NotImplemented],
    };
}
