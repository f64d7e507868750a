using System.Globalization;

namespace Capyd.Storage.Repository.Spool;

/// <summary>Keeps the spool within its limit. A quarter of it is for WAL only, so that a base backup cannot hold WAL up.</summary>
internal sealed class SpoolRoom(SpoolFiles files, SpoolSettings settings, TimeProvider clock)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private long _lookedAt = long.MinValue;
    private long _used;

    /// <summary>Bytes that can still be written.</summary>
    public async Task<long> FreeAsync(CancellationToken ct) => Math.Max(0, await LimitAsync(ct) - await UsedAsync(ct));

    /// <summary>Counts what was written since the last look.</summary>
    public void Add(long bytes) => Interlocked.Add(ref _used, bytes);

    /// <summary>Waits while the spool is full and something leaves it.</summary>
    /// <exception cref="SpoolFullException">Nothing left it for as long as the settings' patience.</exception>
    public async Task RequireAsync(ObjectName name, CancellationToken ct)
    {
        var (since, least) = (clock.GetTimestamp(), long.MaxValue);
        while (true)
        {
            var (used, limit) = (await UsedAsync(ct), await LimitAsync(ct));
            if (used < (SpoolOrder.IsWal(name) ? limit : limit - (limit / 4)))
            {
                return;
            }

            if (used < least)
            {
                (since, least) = (clock.GetTimestamp(), used);
            }
            else if (clock.GetElapsedTime(since) >= settings.Patience)
            {
                throw Full(name, used, limit);
            }

            await Task.Delay(LookEvery, clock, ct);
        }
    }

    private SpoolFullException Full(ObjectName name, long used, long limit) => new(
        string.Create(CultureInfo.InvariantCulture, $"{name} was not stored: {used >> 20} MiB wait in {files.Root} for the remote store, and {limit >> 20} MiB may. ")
        + "It goes on when the remote store takes objects again; see capyd doctor, or raise repository.s3.spool_limit.");

    private async Task<long> LimitAsync(CancellationToken ct)
    {
        var free = await files.Objects.FreeBytesAsync(ct);
        var used = await UsedAsync(ct);
        var disk = (free + used) / 10 * 9;
        return settings.LimitBytes == 0 ? disk : Math.Min(settings.LimitBytes, free + used);
    }

    private async Task<long> UsedAsync(CancellationToken ct)
    {
        if (_lookedAt == long.MinValue || clock.GetElapsedTime(_lookedAt) >= LookEvery)
        {
            var used = 0L;
            await foreach (var waiting in files.Objects.ListAsync("", ct))
            {
                used += waiting.Size;
            }

            _lookedAt = clock.GetTimestamp();
            Interlocked.Exchange(ref _used, used);
        }

        return Interlocked.Read(ref _used);
    }
}
