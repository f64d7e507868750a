using Capyd.OffHost;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Storage.Repository;

namespace Capyd.Wal;

/// <summary>Works out up to when every commit is in the bucket: the segments before the growing one have to be there, too.</summary>
internal sealed class GrowingReach(WalState state, SpoolState spool, IObjectStore bucket, TimeProvider clock)
{
    /// <summary>Records begin at multiples of eight bytes, and so do the positions that a server names.</summary>
    private const ulong Alignment = 8;

    /// <summary>In a long outage; later ones are taken again when it is over.</summary>
    private const int MostSamples = 1000;

    private readonly Queue<GrowingSample> _samples = new();
    private readonly HashSet<string> _there = new(StringComparer.Ordinal);
    private Lsn _reached;

    /// <summary>Before anything is copied: what is here now.</summary>
    public void Sample()
    {
        var (now, behind, caughtUp, received) = (clock.GetUtcNow(), state.IsBehind, state.CaughtUpAt, state.ReceivedTo);
        if (_samples.Count < MostSamples && received is { } position && (behind ? caughtUp : now) is { } at)
        {
            _samples.Enqueue(new GrowingSample(position, at));
        }

        spool.IsWalBehind = () => state.IsBehind || state.ReceivedTo > Aligned(_reached);
    }

    /// <summary>After it was copied.</summary>
    /// <exception cref="IOException">The bucket cannot be asked.</exception>
    public async Task LookAsync(WalLineage lineage, string spoolDirectory, GrowingCopy copy, CancellationToken cancellation)
    {
        var grows = File.Exists(Path.Combine(spoolDirectory, WalFileName.PartialOf(copy.Segment).Text));
        if (spool.Latest is not { WalObjects: 0 } || !await AreThereAsync(lineage, spoolDirectory, cancellation))
        {
            return;
        }

        _reached = grows ? new Lsn(copy.Segment.Start.Position + (ulong)copy.Copied) : copy.Segment.End;
        while (_samples.TryPeek(out var sample) && sample.Position <= Aligned(_reached))
        {
            spool.WalCaughtUpAt = _samples.Dequeue().At;
        }
    }

    /// <summary>Another server, or a stream that began anew.</summary>
    public void StartOver()
    {
        _samples.Clear();
        _reached = default;
        spool.WalCaughtUpAt = null;
    }

    /// <summary>Whether the bucket has every whole segment that was not removed from the receiver's directory yet; the newest one stays there.</summary>
    private async Task<bool> AreThereAsync(WalLineage lineage, string spoolDirectory, CancellationToken cancellation)
    {
        _there.RemoveWhere(name => !File.Exists(Path.Combine(spoolDirectory, name)));
        foreach (var path in Directory.EnumerateFiles(spoolDirectory))
        {
            var name = Path.GetFileName(path);
            if (WalFileName.TryParse(name, lineage.SegmentSize) is not { Kind: WalFileKind.Segment or WalFileKind.TimelineHistory } file || _there.Contains(name))
            {
                continue;
            }

            if (!await bucket.ExistsAsync(WalObjects.Of(lineage.System, file), cancellation))
            {
                return false;
            }

            _there.Add(name);
        }

        return true;
    }

    private static Lsn Aligned(Lsn position) => new((position.Position + Alignment - 1) / Alignment * Alignment);
}
