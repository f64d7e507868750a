using System.Globalization;
using System.Runtime.CompilerServices;

namespace Capyd.Storage.Repository.S3;

/// <summary>Lists a bucket page by page.</summary>
internal static class S3Listing
{
    /// <param name="prefix">What keys begin with.</param>
    /// <param name="pageSize">Keys of one answer.</param>
    /// <param name="after">The token of the page before; null for the first.</param>
    public static S3Request Request(string prefix, int pageSize, string? after)
    {
        List<(string Name, string Value)> query =
        [
            ("list-type", "2"),
            ("encoding-type", "url"),
            ("max-keys", pageSize.ToString(CultureInfo.InvariantCulture)),
            ("prefix", prefix),
        ];
        if (after is not null)
        {
            query.Add(("continuation-token", after));
        }

        return new S3Request(HttpMethod.Get, "") { Query = query };
    }

    /// <summary>Keys, sizes and times of all objects whose key begins with <paramref name="prefix"/>.</summary>
    public static async IAsyncEnumerable<(string Key, long Size, DateTimeOffset ModifiedAt)> AllAsync(
        S3Client client, string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        string? after = null;
        do
        {
            using var answer = await client.SendAsync(Request(prefix, client.Settings.PageSize, after), ct);
            foreach (var entry in S3Xml.Elements(answer.Text, "Contents"))
            {
                yield return (
                    Uri.UnescapeDataString(S3Xml.Value(entry, "Key") ?? ""),
                    long.Parse(S3Xml.Value(entry, "Size") ?? "", CultureInfo.InvariantCulture),
                    DateTimeOffset.Parse(S3Xml.Value(entry, "LastModified") ?? "", CultureInfo.InvariantCulture));
            }

            after = S3Xml.Value(answer.Text, "IsTruncated") == "true"
                ? S3Xml.Value(answer.Text, "NextContinuationToken") ?? throw new IOException($"The object store {client.Settings} cut off a listing without a token.")
                : null;
        }
        while (after is not null);
    }
}
