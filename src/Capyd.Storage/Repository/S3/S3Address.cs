namespace Capyd.Storage.Repository.S3;

/// <summary>Turns requests into signed messages to one bucket.</summary>
internal sealed class S3Address(S3Settings settings)
{
    private readonly string _root = settings.PathStyle
        ? $"{settings.Endpoint.GetLeftPart(UriPartial.Authority)}/{settings.Bucket}"
        : $"{settings.Endpoint.Scheme}://{settings.Bucket}.{settings.Endpoint.Authority}";

    public HttpRequestMessage NewMessage(S3Request request, ProgressDeadline deadline, DateTimeOffset now)
    {
        var uri = UriOf(request);
        var message = new HttpRequestMessage(request.Method, uri) { Version = System.Net.HttpVersion.Version11 };
        if (request.Body is { } body)
        {
            message.Content = new S3BodyContent(body, deadline);
        }

        List<(string Name, string Value)> headers =
        [
            .. request.Headers,
            ("host", uri.Authority),
            ("x-amz-content-sha256", request.Body?.Sha256 ?? S3Signature.OfNothing),
            ("x-amz-date", S3Signature.Moment(now)),
        ];
        headers.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        foreach (var (name, value) in headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        message.Headers.TryAddWithoutValidation("Authorization", S3Signature.Authorization(settings, request.Method.Method, uri, headers));
        return message;
    }

    // Keys need no escaping: object names and prefixes are made of plain characters only.
    private Uri UriOf(S3Request request)
    {
        var path = request.Key.Length > 0 || !settings.PathStyle ? $"{_root}/{request.Key}" : _root;
        if (request.Query.Count == 0)
        {
            return new Uri(path);
        }

        var query = new List<(string Name, string Value)>(request.Query);
        query.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        return new Uri($"{path}?{string.Join('&', query.Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value)}"))}");
    }
}
