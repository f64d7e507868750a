using System.Globalization;
using Capyd.Storage.Repository;

namespace Capyd.Archives;

/// <summary>How a frame's repetitions are looked for: what suits its rows, by a trial on the first of them.</summary>
/// <param name="Far">Anywhere in the window, and not only near.</param>
/// <param name="Thorough">By a search that takes three times as long.</param>
internal readonly record struct FrameSearch(bool Far, bool Thorough)
{
    /// <summary>Log2 of the shortest distance that needs more than the ordinary search.</summary>
    private const int OrdinaryWindowLog = 22;

    /// <summary>Bytes of the shortest repetition that is looked for far away.</summary>
    private const int FarMatch = 24;

    /// <summary>One position in two to the power of this is remembered for far repetitions; an entry is as long, so their table is as large as the window.</summary>
    private const int FarRateLog = 3;

    /// <summary>Log2 of how many positions of one hash are remembered and looked at.</summary>
    private const int FarBucketLog = 2;

    /// <summary>Log2 of the part of the content that a thorough search has to save to be worth its time.</summary>
    private const int WorthLog = 8;

    /// <summary>Far repetitions may cost this much on the first rows, where there is nothing far yet.</summary>
    private const double Allowance = 1.25;

    /// <summary>
    /// For rows of tables, by measurement (bench/README.md): the strategy of zstd's levels 13 to 15 with tables that fit the processor's
    /// caches, looking for no repetition below six bytes, as digits repeat everywhere.
    /// </summary>
    private static readonly ZstdSearch ForRows = new(Strategy: 6, TablesLog: 15, SearchLog: 1, MinMatch: 6, TargetLength: 8);

    /// <summary>
    /// Rows that differ little from the row before do not profit from looking far: a match far away is then taken in place of a near
    /// one, which costs fewer bits.
    /// </summary>
    public static FrameSearch For(ReadOnlySpan<byte> beginning)
    {
        var near = new ZstdSettings();
        var far = new ZstdSettings { LongDistance = true, LongMinMatch = FarMatch, LongRateLog = FarRateLog, LongHashLog = 20 - FarRateLog, WindowLog = 20 };
        var (nearSize, farSize) = (ZstdSample.SizeOf(beginning, near), ZstdSample.SizeOf(beginning, far));
        var looksFar = farSize <= nearSize * Allowance;
        var thoroughSize = ZstdSample.SizeOf(beginning, (looksFar ? far : near) with { Search = ForRows });
        return new FrameSearch(looksFar, (looksFar ? farSize : nearSize) - thoroughSize > beginning.Length >> WorthLog);
    }

    /// <summary>For the program. A level that somebody chose has a search of its own.</summary>
    public IEnumerable<string> Arguments(BackupOptions backups)
    {
        var (window, suited) = (backups.ZstdWindowLog, backups.ZstdLevel == 0);
        yield return suited ? "-3" : string.Create(CultureInfo.InvariantCulture, $"-{backups.ZstdLevel}");
        yield return backups.ZstdWorkers == 0 ? "--single-thread" : string.Create(CultureInfo.InvariantCulture, $"-T{backups.ZstdWorkers}");
        if (Far)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"--long={window}");
        }

        var size = string.Create(CultureInfo.InvariantCulture, $"wlog={(Far ? window : Math.Min(window, OrdinaryWindowLog))}");
        var far = Far ? string.Create(CultureInfo.InvariantCulture, $",lhlog={window - FarRateLog},lmml={FarMatch},lhrlog={FarRateLog},lblog={FarBucketLog}") : "";
        yield return $"--zstd={size}{far}{(suited && Thorough ? "," + ForRows.Text : "")}";
    }
}
