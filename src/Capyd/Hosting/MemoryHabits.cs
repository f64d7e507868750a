using System.Runtime;
using System.Runtime.InteropServices;

namespace Capyd.Hosting;

/// <summary>Keeps the resident size small on a machine that capyd shares with the database.</summary>
internal static partial class MemoryHabits
{
    // malloc.h of glibc.
    private const int MmapThreshold = -3;
    private const int ArenaMax = -8;

    /// <summary>Resident beyond what an idle daemon and ordinary requests take.</summary>
    private const long Much = 48L << 20;

    /// <summary>After each job it was a fifth of the processor time that a small backup takes.</summary>
    private const long PauseMilliseconds = 5_000;

    private static long s_gaveBack = long.MinValue / 2;
    private static int s_promised;

    /// <summary>
    /// Two allocation arenas in place of eight per processor, and large native buffers (those of the compressor) in mappings of
    /// their own, which go back to the system when they are freed.
    /// </summary>
    public static void Adopt()
    {
        _ = SetMallocOption(ArenaMax, 2);
        _ = SetMallocOption(MmapThreshold, 256 * 1024);
    }

    /// <summary>Gives back what only the start, or a job, needed.</summary>
    public static void GiveBack()
    {
        Volatile.Write(ref s_gaveBack, Environment.TickCount64);
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _ = TrimAllocator(0);
        FilePages.Release();
    }

    /// <summary>
    /// The same if it is much: the next job may begin at once and would come on top of it. When that was done just now, it is done a
    /// little later.
    /// </summary>
    public static void GiveBackMuch()
    {
        var wait = PauseMilliseconds - (Environment.TickCount64 - Volatile.Read(ref s_gaveBack));
        if (wait <= 0)
        {
            GiveBackIfMuch();
        }
        else if (Interlocked.Exchange(ref s_promised, 1) == 0)
        {
            _ = GiveBackLaterAsync(TimeSpan.FromMilliseconds(wait));
        }
    }

    private static async Task GiveBackLaterAsync(TimeSpan wait)
    {
        await Task.Delay(wait, TimeProvider.System);
        Volatile.Write(ref s_promised, 0);
        GiveBackIfMuch();
    }

    private static void GiveBackIfMuch()
    {
        if (Environment.WorkingSet > Much)
        {
            GiveBack();
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetMallocOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimAllocator(nuint keep);
}
