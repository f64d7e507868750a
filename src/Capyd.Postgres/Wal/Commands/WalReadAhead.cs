using Capyd.Postgres.Wal.Neighbours;

namespace Capyd.Postgres.Wal.Commands;

/// <summary>Makes segments ready as files of their own names, and those that will be asked for next before they are.</summary>
/// <param name="neighbours">Asked in the order of the log.</param>
internal sealed class WalReadAhead(
    string directory, WalLineage lineage, Func<WalFileName, CancellationToken, Task<WalLookup>> look, NeighbourWal neighbours) : IAsyncDisposable
{
    private const long BytesAhead = 48L << 20;
    private const UnixFileMode ForItsServer = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Lock _state = new();
    private readonly ulong _ahead = (ulong)Math.Max(1, BytesAhead / lineage.SegmentSize.Bytes);
    private Task _making = Task.CompletedTask;
    private WalSegmentName? _taken;
    private WalSegmentName _made;
    private bool _busy;

    public async Task<ReadyWal> TakeAsync(string name, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return File.Exists(PathOf(name)) ? new ReadyWal(WalFetch.Delivered, PathOf(name), null) : await MakeAsync(name, look, cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>The server has it: what follows will be asked for.</summary>
    public void Taken(string name)
    {
        File.Delete(PathOf(name));
        if (WalFileName.TryParse(name, lineage.SegmentSize) is not { Kind: WalFileKind.Segment, Segment: { } segment })
        {
            return;
        }

        lock (_state)
        {
            var goesOn = segment.Timeline == _taken?.Timeline && segment.Number <= _made.Number && segment.Number + _ahead >= _made.Number;
            _taken = segment;
            _made = goesOn ? _made : segment;
            if (!_busy && !_stop.IsCancellationRequested)
            {
                _busy = true;
                _making = Task.Run(MakeAheadAsync);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _making.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // what went wrong there was met again by who asked
        foreach (var file in Directory.EnumerateFiles(directory))
        {
            File.Delete(file);
        }

        _one.Dispose();
        _stop.Dispose();
    }

    /// <summary>Until enough is ready, or the archive ends for now.</summary>
    private async Task MakeAheadAsync()
    {
        while (Next() is { } segment)
        {
            await _one.WaitAsync(CancellationToken.None);
            try
            {
                var ready = await MakeAsync(segment.ToString(), WholeAsync, _stop.Token);
                Note(segment, ready.ExitCode == WalFetch.Delivered);
            }
            finally
            {
                _one.Release();
            }
        }
    }

    /// <returns>Null when there is nothing to do now.</returns>
    private WalSegmentName? Next()
    {
        lock (_state)
        {
            _busy = _busy && !_stop.IsCancellationRequested && _made.Number < _taken!.Value.Number + _ahead;
            return _busy ? _made.Next : null;
        }
    }

    private void Note(WalSegmentName segment, bool delivered)
    {
        lock (_state)
        {
            _busy = delivered;
            _made = delivered && segment == _made.Next ? segment : _made;
        }
    }

    private async Task<ReadyWal> MakeAsync(string name, Func<WalFileName, CancellationToken, Task<WalLookup>> from, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        string? error = null;
        var code = await new WalDelivery(lineage, from, neighbours).RunAsync(name, path, words => error = words, cancellationToken);
        if (code != WalFetch.Delivered)
        {
            return new ReadyWal(code, null, error);
        }

        File.SetUnixFileMode(path, ForItsServer);
        return new ReadyWal(code, path, null);
    }

    /// <summary>A name that is none leads nowhere else.</summary>
    private string PathOf(string name) =>
        Path.Combine(directory, WalFileName.TryParse(name, lineage.SegmentSize)?.Text ?? "none");

    /// <summary>A segment that still grows is read when it is asked for.</summary>
    private async Task<WalLookup> WholeAsync(WalFileName name, CancellationToken cancellationToken)
    {
        var found = await look(name, cancellationToken);
        if (found is not WalLookup.Found { Partial: true } growing)
        {
            return found;
        }

        await growing.Content.DisposeAsync();
        return new WalLookup.NotThere();
    }
}
