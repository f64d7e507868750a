using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using Npgsql;

namespace Capyd.SystemTests.Recovery;

/// <summary>A client that commits one row after the other, notes when each was begun and confirmed, and comes back when the server does.</summary>
public sealed class TickWriter : IAsyncDisposable
{
    private readonly string _url;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<(long Id, DateTimeOffset Began, DateTimeOffset Confirmed)> _confirmed = new();
    private readonly Task _loop;

    private TickWriter(string url)
    {
        _url = url;
        _loop = Task.Run(LoopAsync);
    }

    public int Count => _confirmed.Count;

    public static async Task<TickWriter> StartAsync(string url)
    {
        await Tenant.ExecuteAsync(url, "CREATE TABLE ticks (id bigint PRIMARY KEY, noise text NOT NULL)");
        var writer = new TickWriter(url);
        await writer.ConfirmAsync(20);
        return writer;
    }

    /// <summary>Waits until this many more rows are confirmed.</summary>
    public Task ConfirmAsync(int more)
    {
        var wanted = Count + more;
        return Until.TrueAsync($"{more} more rows are written", () => Task.FromResult(Count >= wanted));
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _loop;
    }

    /// <summary>The copy holds every row that was confirmed by then, none that was begun later, and all of them as they are in the original.</summary>
    public async Task AssertStateAtAsync(string copy, DateTimeOffset at)
    {
        var last = long.Parse((await Tenant.OneAsync(copy, "SELECT coalesce(max(id), 0) FROM ticks"))!, CultureInfo.InvariantCulture);
        var sum = string.Create(CultureInfo.InvariantCulture, $"SELECT count(*) || md5(string_agg(t::text, ',' ORDER BY id)) FROM ticks t WHERE id <= {last}");
        Assert.Equal(await Tenant.OneAsync(_url, sum), await Tenant.OneAsync(copy, sum));
        var (wanted, _, confirmed) = _confirmed.Where(row => row.Confirmed < at).MaxBy(row => row.Id);
        Assert.True(wanted <= last, $"row {wanted}, confirmed at {confirmed:O}, is not there at {at:O}; the last one is {last}");
        Assert.True(_confirmed.Where(row => row.Began > at).Select(row => row.Id).DefaultIfEmpty(long.MaxValue).Min() > last, $"row {last} was begun after {at:O}");
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        for (long next = 1; !_stop.IsCancellationRequested;)
        {
            try
            {
                await using var session = await Tenant.OpenAsync(_url);
                while (!_stop.IsCancellationRequested)
                {
                    var began = DateTimeOffset.UtcNow;
                    await session.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO ticks VALUES ({next}, repeat(md5('{next}'), 10))"));
                    _confirmed.Enqueue((next++, began, DateTimeOffset.UtcNow));
                }
            }
            catch (Exception e) when (e is NpgsqlException or SocketException or IOException)
            {
                // The server is away. Whether the last row was committed is not known: its number is not used again.
                next++;
                await Task.Delay(50);
            }
        }
    }
}
