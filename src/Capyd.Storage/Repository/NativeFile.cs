using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Capyd.Storage.Repository;

/// <summary>The few system calls that the framework does not offer.</summary>
internal static partial class NativeFile
{
    private const int ReadOnlyDirectory = 0x1_0000 | 0x8_0000; // O_RDONLY | O_DIRECTORY | O_CLOEXEC
    private const int ReadWriteCreate = 0x2 | 0x40 | 0x8_0000; // O_RDWR | O_CREAT | O_CLOEXEC
    private const int OwnerOnly = 0x180; // 0600
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const uint NoReplace = 1; // RENAME_NOREPLACE
    private const int FileExists = 17; // EEXIST
    private const int NotSupported = 22; // EINVAL
    private const int WouldBlock = 11; // EWOULDBLOCK
    private const int Shared = 1 | 4; // LOCK_SH | LOCK_NB
    private const int Exclusive = 2 | 4; // LOCK_EX | LOCK_NB

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

    /// <summary>Opens a file for reading and writing, made (0600) when missing, without any of the framework's locks.</summary>
    public static SafeFileHandle OpenForLocking(string path)
    {
        var descriptor = Create(path, ReadWriteCreate, OwnerOnly);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Failure($"open the lock file {path}");
    }

    /// <summary>Locks the whole file until its handle is closed, also by the death of the process.</summary>
    /// <returns>False when somebody else holds a lock that excludes this one.</returns>
    public static bool TryLock(SafeFileHandle file, bool exclusive)
    {
        if (FLock(file, exclusive ? Exclusive : Shared) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == WouldBlock ? false : throw Failure("lock a file");
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

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Create(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FLock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameAt2(int fromDirectory, string from, int toDirectory, string to, uint flags);
}
