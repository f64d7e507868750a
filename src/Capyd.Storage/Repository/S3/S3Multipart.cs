using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Capyd.Storage.Repository.S3;

/// <summary>An object that is sent in parts and is there only when the last word is said.</summary>
internal sealed class S3Multipart
{
    private readonly S3Client _client;
    private readonly string _key;
    private readonly string _id;
    private readonly StringBuilder _parts = new();

    private S3Multipart(S3Client client, string key, string id) => (_client, _key, _id) = (client, key, id);

    /// <summary>How many parts were sent.</summary>
    public int Sent { get; private set; }

    public static async Task<S3Multipart> StartAsync(S3Client client, string key, CancellationToken ct)
    {
        using var answer = await client.SendAsync(new S3Request(HttpMethod.Post, key) { Query = [("uploads", "")] }, ct);
        var id = S3Xml.Value(answer.Text, "UploadId") ?? throw new IOException($"The object store {client.Settings} named no upload for {key}.");
        return new S3Multipart(client, key, id);
    }

    /// <summary>Sends the next part; one at a time.</summary>
    public async Task SendAsync(S3Body part, CancellationToken ct)
    {
        var number = Sent + 1;
        using var answer = await _client.SendAsync(
            new S3Request(HttpMethod.Put, _key)
            {
                Query = [("partNumber", number.ToString(CultureInfo.InvariantCulture)), ("uploadId", _id)],
                Body = part,
                Expected = [HttpStatusCode.NotFound],
            },
            ct);
        if (answer.Status == HttpStatusCode.NotFound)
        {
            throw new StoreUnavailableException($"Somebody ended the upload of {_key} while it ran; write it again.");
        }

        var etag = answer.ETag ?? throw new IOException($"The object store {_client.Settings} did not confirm part {number} of {_key}.");
        _parts.Append(CultureInfo.InvariantCulture, $"<Part><PartNumber>{number}</PartNumber><ETag>{WebUtility.HtmlEncode(etag)}</ETag></Part>");
        Sent = number;
    }

    /// <summary>Makes the parts one object. False as <see cref="S3Objects.CreateAsync"/> says.</summary>
    public async Task<bool> CompleteAsync(S3Objects objects, CancellationToken ct)
    {
        using var body = S3Body.Of(Encoding.UTF8.GetBytes($"<CompleteMultipartUpload>{_parts}</CompleteMultipartUpload>"));
        return await objects.CreateAsync(
            new S3Request(HttpMethod.Post, _key) { Query = [("uploadId", _id)], Body = body, Expected = [HttpStatusCode.NotFound] }, ct);
    }

    public Task AbortAsync(CancellationToken ct) => AbortAsync(_client, _key, _id, ct);

    /// <summary>Ends uploads below <paramref name="prefix"/> that were begun before <paramref name="before"/>.</summary>
    public static async Task<int> AbortOlderAsync(S3Client client, string prefix, DateTimeOffset before, CancellationToken ct)
    {
        var aborted = 0;
        await foreach (var (key, id, begun) in UnfinishedAsync(client, prefix, ct))
        {
            if (begun < before)
            {
                await AbortAsync(client, key, id, ct);
                aborted++;
            }
        }

        return aborted;
    }

    /// <summary>Uploads below a prefix that were begun and neither completed nor aborted.</summary>
    public static async IAsyncEnumerable<(string Key, string Id, DateTimeOffset Begun)> UnfinishedAsync(
        S3Client client, string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        var page = client.Settings.PageSize.ToString(CultureInfo.InvariantCulture);
        List<(string Name, string Value)> marker = [];
        do
        {
            using var answer = await client.SendAsync(
                new S3Request(HttpMethod.Get, "") { Query = [("uploads", ""), ("encoding-type", "url"), ("max-uploads", page), ("prefix", prefix), .. marker] }, ct);
            foreach (var upload in S3Xml.Elements(answer.Text, "Upload"))
            {
                yield return (
                    Uri.UnescapeDataString(S3Xml.Value(upload, "Key") ?? ""),
                    S3Xml.Value(upload, "UploadId") ?? "",
                    DateTimeOffset.Parse(S3Xml.Value(upload, "Initiated") ?? "", CultureInfo.InvariantCulture));
            }

            marker = S3Xml.Value(answer.Text, "IsTruncated") == "true" ? Next(answer.Text) : [];
        }
        while (marker.Count > 0);
    }

    private static List<(string Name, string Value)> Next(string text) =>
    [
        ("key-marker", Uri.UnescapeDataString(S3Xml.Value(text, "NextKeyMarker") ?? "")),
        ("upload-id-marker", S3Xml.Value(text, "NextUploadIdMarker") ?? ""),
    ];

    private static async Task AbortAsync(S3Client client, string key, string id, CancellationToken ct)
    {
        using var answer = await client.SendAsync(
            new S3Request(HttpMethod.Delete, key) { Query = [("uploadId", id)], Expected = [HttpStatusCode.NotFound], Attempts = 2 }, ct);
    }
}
