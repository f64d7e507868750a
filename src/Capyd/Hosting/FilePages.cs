using System.Globalization;
using System.Runtime.InteropServices;

namespace Capyd.Hosting;

/// <summary>
/// The pages of capyd's own binary and of the libraries in memory. The kernel maps sixteen around each that is touched, so that after
/// the start nearly all of them count as resident; what was needed once is let go of, and comes back from the kernel's cache when it is
/// needed again. Only mappings that nobody has written to: the runtime keeps the cookie that guards its stack in a page of
/// read-only data that it unlocks for a moment, and with that page the process would lose the value. And only those that were there
/// at the look before: what the loader is mapping just now may look unwritten until its relocations are in.
/// </summary>
internal static partial class FilePages
{
    private const int DontNeed = 4;
    private static HashSet<(ulong Start, ulong End)> _seen = [];

    /// <summary>The first look. Takes some milliseconds.</summary>
    public static void Look() => _seen = [.. Unwritten(File.ReadLines("/proc/self/smaps"))];

    /// <summary>Lets go of what both this look and the one before have found. Safe for several threads.</summary>
    public static void Release()
    {
        var before = _seen;
        Look();
        foreach (var (start, end) in _seen.Where(before.Contains))
        {
            _ = Advise((nuint)start, (nuint)(end - start), DontNeed); // refused for locked pages: they stay
        }
    }

    /// <summary>Mappings of files that are neither writable nor were, from the text of smaps.</summary>
    public static IEnumerable<(ulong Start, ulong End)> Unwritten(IEnumerable<string> smaps)
    {
        (ulong Start, ulong End)? candidate = null;
        foreach (var line in smaps)
        {
            if (IsHead(line))
            {
                candidate = Range(line);
            }
            else if (candidate is { } range && line.StartsWith("Anonymous:", StringComparison.Ordinal) && line.EndsWith(" 0 kB", StringComparison.Ordinal))
            {
                yield return range;
            }
        }
    }

    /// <summary>"55c250bbd000-55c251a7f000 r-xp 00042000 fe:00 5490226  /usr/bin/capyd"; the lines between are "Name: value".</summary>
    private static bool IsHead(string line) => line.IndexOf('-') is > 0 and var dash && dash < line.IndexOf(' ');

    /// <returns>Null for what is writable, shared, or no file.</returns>
    private static (ulong Start, ulong End)? Range(string head)
    {
        var fields = head.Split(' ', 3);
        var ends = fields[0].Split('-');
        return fields[1][1] == 'w' || fields[1][3] != 'p' || !fields[2].Contains('/', StringComparison.Ordinal)
            ? null
            : (ulong.Parse(ends[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), ulong.Parse(ends[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nuint start, nuint length, int advice);
}
