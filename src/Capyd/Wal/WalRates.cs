using Capyd.Postgres.Wal;

namespace Capyd.Wal;

/// <summary>How fast the server writes WAL, and how fast what it keeps for capyd grows: over the last half minute, or since the last look where that is faster.</summary>
internal sealed class WalRates(TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    private readonly Queue<(long Stamp, ulong Position, ulong Kept)> _samples = new();
    private (long Stamp, ulong Position, ulong Kept)? _last;

    /// <returns>Bytes per second: written, and by how much more is kept (which may be negative).</returns>
    public (double Written, double Growth) Add(SlotState slot)
    {
        var now = (Stamp: clock.GetTimestamp(), slot.ServerLsn.Position, Kept: slot.RetainedBytes);
        while (_samples.TryPeek(out var oldest) && clock.GetElapsedTime(oldest.Stamp, now.Stamp) > Window)
        {
            _samples.Dequeue();
        }

        var (lasting, recent) = (Between(_samples.TryPeek(out var first) ? first : now, now), Between(_last ?? now, now));
        _samples.Enqueue(now);
        _last = now;
        return (Math.Max(lasting.Written, recent.Written), lasting.Growth);
    }

    private (double Written, double Growth) Between((long Stamp, ulong Position, ulong Kept) from, (long Stamp, ulong Position, ulong Kept) to)
    {
        var seconds = clock.GetElapsedTime(from.Stamp, to.Stamp).TotalSeconds;
        return seconds <= 0 || to.Position < from.Position ? (0, 0) : ((to.Position - from.Position) / seconds, ((double)to.Kept - from.Kept) / seconds);
    }
}
