using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Capyd.Postgres.Dumps;

/// <summary>Gives back the space of what was loaded from a staged archive: its disk and its memory are wanted for the database.</summary>
internal sealed partial class StagedSpace(SafeFileHandle file) : IDisposable
{
    private const int KeepSizeAndPunchHole = 1 | 2;

    /// <summary>The bytes read as zeros from now on. Where the file system has no holes they stay until the file is deleted.</summary>
    public void Free(ArchiveBlock block) => _ = FAllocate(file, KeepSizeAndPunchHole, block.At, block.Length);

    public void Dispose() => file.Dispose();

    [LibraryImport("libc", EntryPoint = "fallocate")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FAllocate(SafeFileHandle file, int mode, long offset, long length);
}
