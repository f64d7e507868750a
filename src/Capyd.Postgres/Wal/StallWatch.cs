using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Wal;

/// <summary>Tells a stall from an idle server: only a receiver that stands still while the server is ahead is stalled.</summary>
internal sealed class StallWatch(TimeSpan limit, TimeProvider clock)
{
    private Lsn? _position;
    private long _since = clock.GetTimestamp();

    public bool Observe(SlotState slot)
    {
        if (slot.LagBytes == 0 || slot.WrittenLsn != _position)
        {
            (_position, _since) = (slot.WrittenLsn, clock.GetTimestamp());
        }

        return clock.GetElapsedTime(_since) >= limit;
    }
}
