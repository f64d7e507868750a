using System.Runtime.InteropServices;
using Capyd.Postgres.Wal;
using Microsoft.Win32.SafeHandles;

namespace Capyd.Wal;

/// <summary>Lets go of the memory in which the kernel keeps segments that wait: it is wanted for the database that is built meanwhile.</summary>
internal sealed partial class WaitingSegments(string directory, WalSegmentSize size)
{
    private const int DontNeed = 4;
    private readonly HashSet<string> _released = [];

    /// <summary>Each segment once. What is not on the disk yet stays in memory.</summary>
    public void Release(SpoolLook look)
    {
        foreach (var name in look.Files.Split(' ').Where(name => WalFileName.TryParse(name, size) is { Kind: WalFileKind.Segment } && _released.Add(name)))
        {
            using var file = File.OpenHandle(Path.Combine(directory, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            _ = FAdvise(file, 0, 0, DontNeed);
        }
    }

    public void Clear() => _released.Clear();

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FAdvise(SafeFileHandle file, long offset, long length, int advice);
}
