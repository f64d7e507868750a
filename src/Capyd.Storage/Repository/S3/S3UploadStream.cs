namespace Capyd.Storage.Repository.S3;

/// <summary>Takes the bytes of one object. Small ones are kept until they are whole; of large ones a part is sent while the next fills.</summary>
internal sealed class S3UploadStream(S3Client client, S3Objects objects, string key, CancellationToken ct) : AppendingStream
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
    private S3Body _filling = new();
    private S3Body? _sending;
    private Task _sent = Task.CompletedTask;
    private S3Multipart? _parts;
    private S3Found? _there;
    private bool _done;

    private long PartSize => (long)client.Settings.PartSize << ((_parts?.Sent ?? 0) / client.Settings.PartsOfOneSize);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            var room = PartSize - _filling.Length;
            if (room <= 0)
            {
                await SendPartAsync();
                continue;
            }

            var taken = (int)Math.Min(room, buffer.Length);
            _filling.Append(buffer.Span[..taken]);
            buffer = buffer[taken..];
        }
    }

    /// <summary>Makes the object visible.</summary>
    /// <returns>False if the name is taken by other bytes.</returns>
    public async Task<bool> FinishAsync(long size, string sha256)
    {
        if (_parts is not null)
        {
            await SendPartAsync();
            await _sent;
        }

        _there ??= await objects.FindAsync(key, ct);
        _done = _there is null && await CreateAsync();
        if (_done)
        {
            return true;
        }

        _there ??= await objects.FindAsync(key, ct)
            ?? throw new StoreUnavailableException($"The object {key} was removed while it was written; write it again.");
        return await objects.HoldsAsync(key, _there, (size, sha256), ct);
    }

    /// <summary>Leaves no parts behind, unless the store does not hear it: those are found by their age.</summary>
    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)_sent).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_parts is not null && !_done)
        {
            await AbortAsync(_parts);
        }

        _filling.Dispose();
        _sending?.Dispose();
        _stop.Dispose();
        await base.DisposeAsync();
    }

    public override void Flush()
    {
        // A part is sent when it is full.
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private Task<bool> CreateAsync() =>
        _parts is null ? objects.PutAsync(key, _filling, ct) : _parts.CompleteAsync(objects, ct);

    private async Task SendPartAsync()
    {
        await _sent;
        if (_parts is null && (_there ??= await objects.FindAsync(key, ct)) is null)
        {
            _parts = await S3Multipart.StartAsync(client, key, ct);
        }

        if (_parts is null)
        {
            // It is there already: the bytes only count for the comparison.
            _filling.Clear();
            return;
        }

        (_filling, _sending) = (_sending ?? new S3Body(), _filling);
        _filling.Clear();
        _sent = _parts.SendAsync(_sending, _stop.Token);
    }

    private async Task AbortAsync(S3Multipart parts)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10), client.Clock);
        try
        {
            await parts.AbortAsync(limit.Token);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // The error that led here is the one to be told; AbortForgottenUploadsAsync removes the parts later.
        }
    }
}
