using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Capyd.Postgres.BaseBackups;

/// <summary>Flushes the entries of a directory to disk.</summary>
internal static partial class DirectorySync
{
    private const int ReadOnlyDirectory = 0x1_0000 | 0x8_0000; // O_RDONLY | O_DIRECTORY | O_CLOEXEC

    public static void Run(string path)
    {
        var descriptor = Open(path, ReadOnlyDirectory);
        if (descriptor < 0 || FSync(descriptor) != 0)
        {
            var cause = new Win32Exception(Marshal.GetLastPInvokeError());
            _ = descriptor < 0 ? 0 : Close(descriptor);
            throw new IOException($"Could not flush the directory {path} to disk: {cause.Message}", cause);
        }

        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
