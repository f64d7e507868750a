using System.Globalization;
using System.Net;

namespace Capyd.Storage.Repository.S3;

/// <summary>Reads an object, or a part of it; goes on where it was when the connection breaks.</summary>
internal sealed class S3ReadStream : ForwardStream
{
    private readonly S3Client _client;
    private readonly string _key;
    private readonly long _first;
    private readonly string? _etag;
    private S3Answer? _answer;
    private Stream _body;
    private long _read;

    private S3ReadStream(S3Client client, string key, long first, (S3Answer Answer, Stream Body) opened)
    {
        (_client, _key, _first) = (client, key, first);
        (_answer, _body) = opened;
        Length = opened.Answer.Length;
        _etag = opened.Answer.ETag;
    }

    /// <summary>Bytes from the first to be read to the last, known from the beginning.</summary>
    public override long Length { get; }

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    /// <param name="range">The first byte and how many of them; null for the whole object.</param>
    /// <returns>Null if there is no such object.</returns>
    /// <exception cref="EndOfStreamException">The object ends before the range does.</exception>
    public static async Task<S3ReadStream?> OpenAsync(S3Client client, string key, (long First, int Count)? range, CancellationToken ct)
    {
        var answer = await client.SendAsync(Get(key, range?.First, range?.First + range?.Count - 1, etag: null), ct);
        if (answer.Status is HttpStatusCode.NotFound)
        {
            answer.Dispose();
            return null;
        }

        if (range is { } wanted && (answer.Status != HttpStatusCode.PartialContent || answer.Length != wanted.Count))
        {
            answer.Dispose();
            throw new EndOfStreamException($"The object {key} has no {wanted.Count} bytes at {wanted.First}.");
        }

        return new S3ReadStream(client, key, range?.First ?? 0, (answer, await answer.Content.ReadAsStreamAsync(ct)));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (var attempt = 1; _read < Length && buffer.Length > 0; attempt++)
        {
            var failure = await FillAsync(buffer, cancellationToken);
            if (failure.Count > 0)
            {
                _read += failure.Count;
                return failure.Count;
            }

            if (attempt >= _client.Settings.Attempts)
            {
                throw _client.Unavailable($"{_key} broke off at byte {_read} of {Length}: {failure.Reason}", attempt, null);
            }

            await _client.WaitAsync(attempt, cancellationToken);
            await ReopenAsync(cancellationToken);
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _body.Dispose();
            _answer?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<(int Count, string Reason)> FillAsync(Memory<byte> buffer, CancellationToken ct)
    {
        using var deadline = new ProgressDeadline(_client.Settings.Stall, _client.Clock, ct);
        try
        {
            return (await _body.ReadAsync(buffer, deadline.Token), "the connection ended");
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            ct.ThrowIfCancellationRequested();
            return (0, _client.Explain(failure));
        }
        catch (OperationCanceledException stalled) when (!ct.IsCancellationRequested)
        {
            return (0, _client.Explain(stalled));
        }
    }

    private async Task ReopenAsync(CancellationToken ct)
    {
        await _body.DisposeAsync();
        _answer?.Dispose();
        _answer = null;
        var answer = await _client.SendAsync(Get(_key, _first + _read, _first + Length - 1, _etag), ct);
        if (answer.Status != HttpStatusCode.PartialContent || answer.Length != Length - _read)
        {
            using (answer)
            {
                throw new IOException($"The object {_key} was removed or replaced while it was read ({answer}).");
            }
        }

        _answer = answer;
        _body = await answer.Content.ReadAsStreamAsync(ct);
    }

    private static S3Request Get(string key, long? first, long? last, string? etag)
    {
        List<(string Name, string Value)> headers = [];
        if (first is not null)
        {
            headers.Add(("range", string.Create(CultureInfo.InvariantCulture, $"bytes={first}-{last}")));
        }

        if (etag is { Length: > 0 })
        {
            headers.Add(("if-match", etag));
        }

        return new S3Request(HttpMethod.Get, key)
        {
            Headers = headers,
            Streamed = true,
            Expected = [HttpStatusCode.NotFound, HttpStatusCode.RequestedRangeNotSatisfiable, HttpStatusCode.PreconditionFailed],
        };
    }
}
