using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Capyd.Storage.Repository;

/// <summary>The few system calls that the framework does not offer.</summary>
internal static partial class NativeFile
{
    private const int ReadOnlyDirectory = 0x1_0000 | 0x8_0000; // O_RDONLY | O_DIRECTORY | O_CLOEXEC
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const uint NoReplace = 1; // RENAME_NOREPLACE
    private const int FileExists = 17; // EEXIST
    private const int NotSupported = 22; // EINVAL

    public static void SyncDirectory(string path)
    {
        var descriptor = Open(path, ReadOnlyDirectory);
        if (descriptor < 0)
        {
            throw Failure($"open the directory {path}");
        }

        try
        {
            if (FSync(descriptor) != 0)
            {
                throw Failure($"flush the directory {path} to disk");
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <returns>False when <paramref name="to"/> exists; then nothing was changed.</returns>
    public static bool RenameWithoutReplacing(string from, string to)
    {
        if (RenameAt2(CurrentDirectory, from, CurrentDirectory, to, NoReplace) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() switch
        {
            FileExists => false,
            NotSupported => LinkAndUnlink(from, to),
            _ => throw Failure($"rename {from} to {to}"),
        };
    }

    // For file systems without the rename flag, such as NFS.
    private static bool LinkAndUnlink(string from, string to)
    {
        if (Link(from, to) == 0)
        {
            File.Delete(from);
            return true;
        }

        return Marshal.GetLastPInvokeError() == FileExists ? false : throw Failure($"link {from} to {to}");
    }

    private static IOException Failure(string action)
    {
        var cause = new Win32Exception(Marshal.GetLastPInvokeError());
        return new IOException($"Could not {action}: {cause.Message}", cause);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameAt2(int fromDirectory, string from, int toDirectory, string to, uint flags);
}
