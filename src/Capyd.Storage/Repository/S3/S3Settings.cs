namespace Capyd.Storage.Repository.S3;

/// <summary>Where a bucket is and how it is spoken to.</summary>
/// <param name="Endpoint">Scheme, host and port only, such as <c>https://s3.eu-central-1.amazonaws.com</c>.</param>
public sealed record S3Settings(Uri Endpoint, string Bucket, S3Credentials Credentials)
{
    /// <summary>The least size of a part that S3 takes, in bytes.</summary>
    public const int SmallestPart = 5 * 1024 * 1024;

    public string Region { get; init; } = "us-east-1";

    /// <summary>What all keys begin with, such as <c>capyd/main</c>; the same characters as in object names. Empty: nothing.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The bucket's name is in the path, not in the host's name.</summary>
    public bool PathStyle { get; init; } = true;

    /// <summary>PEM file of the authorities that may vouch for the endpoint, instead of the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>Takes an http:// endpoint: for networks that nobody else can listen to.</summary>
    public bool AllowHttp { get; init; }

    /// <summary>Objects up to this many bytes are sent at once, larger ones in parts of it; two of them are in memory at most.</summary>
    public int PartSize { get; init; } = 8 * 1024 * 1024;

    /// <summary>How often a request is made before the store counts as away.</summary>
    public int Attempts { get; init; } = 6;

    /// <summary>The wait before the second attempt, doubled for each that follows.</summary>
    public TimeSpan RetryBase { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a request may go on without a byte in either direction.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Objects in one page of a listing, 1,000 at most.</summary>
    internal int PageSize { get; init; } = 500;

    /// <summary>Parts of one size before the size doubles; S3 takes 10,000 parts of an object.</summary>
    internal int PartsOfOneSize { get; init; } = 1000;

    public override string ToString() => $"{Endpoint.GetLeftPart(UriPartial.Authority)}/{Bucket}/{Prefix}";

    /// <exception cref="ArgumentException">The settings cannot be right; the message says which and why.</exception>
    internal void Validate()
    {
        Require(Endpoint.IsAbsoluteUri && Endpoint.Scheme is "http" or "https", $"the endpoint '{Endpoint}' is no http(s) URL");
        Require(Endpoint.Scheme == "https" || AllowHttp, $"the endpoint {Endpoint} is not https; http must be allowed explicitly");
        Require(
            Endpoint is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" },
            "the endpoint must be scheme, host and port only; bucket and prefix are settings of their own");
        Require(ObjectName.TryParse(Bucket, out _) && !Bucket.Contains('/', StringComparison.Ordinal), $"'{Bucket}' cannot be the name of a bucket");
        Require(Prefix.Length == 0 || ObjectName.TryParse(Prefix, out _), $"'{Prefix}' cannot be a prefix: use segments of A-Z, a-z, 0-9, '.', '_', '-' separated by '/'");
        Require(PartSize >= SmallestPart, $"parts of {PartSize} bytes are smaller than {SmallestPart}, the least that S3 takes");
    }

    private static void Require(bool fine, string problem)
    {
        if (!fine)
        {
            throw new ArgumentException($"S3: {problem}.");
        }
    }
}
