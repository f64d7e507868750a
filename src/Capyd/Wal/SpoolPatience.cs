using Capyd.Cluster;

namespace Capyd.Wal;

/// <summary>
/// Lets whole segments lie in the spool for a while. They are durable there, and to compress them takes processor time from whoever waits
/// for a database that is being built. Within a minute, a gibibyte, and the room on the disk; never while somebody waits for them, and
/// never with a bucket, where they are to be at once.
/// </summary>
internal sealed class SpoolPatience(BuildRush rush, WalState state, CapydOptions options, TimeProvider clock)
{
    public const long MostBytes = 1L << 30;
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private long? _since;

    /// <param name="whole">Bytes of whole segments in the spool.</param>
    /// <returns>Whether what is there is to be kept later.</returns>
    public bool Waits(long whole)
    {
        if (rush.IsOn && !state.IsWanted && !options.S3.IsOn && whole < MostBytes && HasRoom)
        {
            _since ??= clock.GetTimestamp();
            if (clock.GetElapsedTime(_since.Value) < Longest)
            {
                return true;
            }
        }

        _since = null;
        return false;
    }

    private bool HasRoom => state.Pressure == WalPressure.None && state.Disks?.Spool is { } disk && disk.Free > 4 * MostBytes;
}
