using System.Globalization;

namespace Capyd.Wal;

/// <summary>How much room the WAL that the server keeps for capyd takes, and how fast it takes more. Bytes, and bytes per second.</summary>
/// <param name="Free">On the server's disk.</param>
/// <param name="Floor">What has to stay free there.</param>
/// <param name="Kept">WAL that the server keeps because of the slot.</param>
/// <param name="Growth">How fast that grows.</param>
/// <param name="Written">How fast the server writes WAL.</param>
/// <param name="Shared">Whether what capyd keeps lies on the same disk.</param>
internal sealed record WalRoom(long Free, long Floor, long Kept, double Growth, double Written, bool Shared)
{
    /// <summary>Less is what a busy receiver always has in flight; to drop it would win nothing.</summary>
    private const long Significant = 64L << 20;

    /// <summary>What is written until the next look must still fit.</summary>
    private const double Reaction = 3;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>What may be kept at most.</summary>
    public long Limit => Kept + Math.Max(0, Free - Floor);

    public double Percent => Limit == 0 ? 100 : 100.0 * Kept / Limit;

    /// <summary>Until the floor is reached at the present rate; null when it is not coming nearer.</summary>
    public TimeSpan? TimeLeft => Growth > 1 && Free > Floor ? TimeSpan.FromSeconds(Math.Min((Free - Floor) / Growth, 1e9)) : null;

    public WalPressure Pressure
    {
        get
        {
            if (Kept < Significant)
            {
                return Shared && Free <= Floor ? WalPressure.GivenUp : WalPressure.None;
            }

            return Free - Floor <= Written * Reaction ? WalPressure.GivenUp
                : Percent >= 80 || TimeLeft < Hour / 6 ? WalPressure.Urgent
                : Percent >= 50 || TimeLeft < Hour ? WalPressure.Warning
                : WalPressure.None;
        }
    }

    /// <summary>Whether there is room to begin anew.</summary>
    public bool IsSafe => Free >= 2 * Floor;

    /// <summary>A twentieth of the disk between 64 MiB and 2 GiB, unless it was configured.</summary>
    public static long FloorOf(long configured, long total) => configured > 0 ? configured : Math.Clamp(total / 20, 64L << 20, 2L << 30);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"the server keeps {Mebibytes(Kept)} MiB of WAL for capyd, and {Mebibytes(Free)} MiB of its disk are free, of which {Mebibytes(Floor)} MiB have to stay so")
        + (TimeLeft is { } left ? string.Create(CultureInfo.InvariantCulture, $"; at the present rate that is reached in {left.TotalMinutes:0.#} min") : "");

    private static long Mebibytes(long bytes) => bytes >> 20;
}
