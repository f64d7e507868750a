using System.Globalization;
using System.Net;

namespace Capyd.Storage.Repository.S3;

/// <summary>What the store answered.</summary>
/// <param name="text">The body, unless the request was to be streamed and is a success.</param>
internal sealed class S3Answer(HttpResponseMessage message, string text) : IDisposable
{
    public HttpStatusCode Status => message.StatusCode;

    public string Text => text;

    public HttpContent Content => message.Content;

    /// <summary>The store's word for an error, such as <c>NoSuchKey</c>; empty if it gave none.</summary>
    public string ErrorCode => S3Xml.Value(text, "Error") is null ? "" : S3Xml.Value(text, "Code") ?? "";

    public string? ErrorMessage => S3Xml.Value(text, "Message");

    public string? ETag => Header("ETag");

    public long Length => message.Content.Headers.ContentLength
        ?? throw new IOException($"The store did not tell the length of {message.RequestMessage?.RequestUri?.AbsolutePath}.");

    public DateTimeOffset? Date => message.Headers.Date;

    public string? Header(string name) =>
        message.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;

    /// <summary>Status and the store's own words, for a message.</summary>
    public override string ToString()
    {
        var words = string.Join(": ", new[] { ErrorCode, ErrorMessage ?? "" }.Where(part => part.Length > 0));
        var status = ((int)Status).ToString(CultureInfo.InvariantCulture);
        return words.Length > 0 ? $"{status} {words}" : $"{status} {message.ReasonPhrase}";
    }

    public void Dispose() => message.Dispose();
}
