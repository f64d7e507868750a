using System.Net;

namespace Capyd.Storage.Repository.S3;

/// <summary>One request as a value; it can be sent any number of times.</summary>
/// <param name="Key">The object's whole key; empty for the bucket itself.</param>
internal sealed record S3Request(HttpMethod Method, string Key)
{
    /// <summary>Names and values as they are, not yet escaped.</summary>
    public IReadOnlyList<(string Name, string Value)> Query { get; init; } = [];

    /// <summary>Names in lower case.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public S3Body? Body { get; init; }

    /// <summary>Errors that mean something to the caller; any other is a refusal.</summary>
    public IReadOnlyList<HttpStatusCode> Expected { get; init; } = [];

    /// <summary>The body of the answer is read by the caller, not here.</summary>
    public bool Streamed { get; init; }

    /// <summary>How often it may be sent; null as the settings say.</summary>
    public int? Attempts { get; init; }
}
