using Capyd.Postgres.Wal.Neighbours;

namespace Capyd.Postgres.Wal.Commands;

/// <summary>Makes segments ready as files, and the one that will be asked for next before it is.</summary>
/// <param name="neighbours">Asked in the order of the log.</param>
internal sealed class WalReadAhead(
    string directory, WalLineage lineage, Func<WalFileName, CancellationToken, Task<WalLookup>> look, NeighbourWal neighbours) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task<ReadyWal>? _ahead;

    public async Task<ReadyWal> TakeAsync(string name, CancellationToken cancellationToken)
    {
        if (_ahead is not null)
        {
            var ready = await _ahead.WaitAsync(cancellationToken);
            _ahead = null;
            if (ready.Name == name && ready.ExitCode == WalFetch.Delivered)
            {
                return ready;
            }

            Remove(ready);
        }

        return await MakeAsync(name, look, cancellationToken);
    }

    /// <summary>Begins to make ready what follows.</summary>
    public void Prepare(string after)
    {
        if (WalFileName.TryParse(after, lineage.SegmentSize) is { Kind: WalFileKind.Segment, Segment: { } segment })
        {
            _ahead = Task.Run(() => MakeAsync(segment.Next.ToString(), WholeAsync, _stop.Token));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_ahead is not null)
        {
            Remove(await _ahead);
        }

        _stop.Dispose();
    }

    private async Task<ReadyWal> MakeAsync(string name, Func<WalFileName, CancellationToken, Task<WalLookup>> from, CancellationToken cancellationToken)
    {
        var path = Path.Combine(directory, Guid.NewGuid().ToString("n"));
        string? error = null;
        var code = await new WalDelivery(lineage, from, neighbours).RunAsync(name, path, words => error = words, cancellationToken);
        return new ReadyWal(name, code, code == WalFetch.Delivered ? path : null, error);
    }

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

    private static void Remove(ReadyWal ready)
    {
        if (ready.Path is not null)
        {
            File.Delete(ready.Path);
        }
    }
}
