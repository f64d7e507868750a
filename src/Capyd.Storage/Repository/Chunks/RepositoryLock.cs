using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Capyd.Storage.Repository.Chunks;

/// <summary>A lock on a file that the kernel gives back when its holder dies. The file says who holds it.</summary>
internal sealed class RepositoryLock : IDisposable
{
    private const int LongestHolder = 512;

    private readonly SafeFileHandle _file;

    private RepositoryLock(SafeFileHandle file) => _file = file;

    /// <param name="purpose">What the holder does, as "backup 20261121".</param>
    /// <exception cref="RepositoryBusyException">The lock is held by another.</exception>
    public static RepositoryLock Exclusive(string path, string purpose)
    {
        var taken = Take(path, exclusive: true, purpose);
        RandomAccess.SetLength(taken._file, 0);
        RandomAccess.Write(taken._file, Encoding.UTF8.GetBytes($"{purpose} (process {Environment.ProcessId})"), 0);
        return taken;
    }

    /// <exception cref="RepositoryBusyException">The lock is held exclusively.</exception>
    public static RepositoryLock Shared(string path, string purpose) => Take(path, exclusive: false, purpose);

    public void Dispose()
    {
        _file.Dispose();
    }

    private static RepositoryLock Take(string path, bool exclusive, string purpose)
    {
        var file = NativeFile.OpenForLocking(path);
        try
        {
            return NativeFile.TryLock(file, exclusive)
                ? new RepositoryLock(file)
                : throw new RepositoryBusyException(
                    $"Cannot begin {purpose}: the repository is in use by {Holder(file)}. Try again when that has ended.");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static string Holder(SafeFileHandle file)
    {
        var bytes = new byte[LongestHolder];
        var length = RandomAccess.Read(file, bytes, 0);
        return length == 0 ? "somebody who reads backups" : Encoding.UTF8.GetString(bytes, 0, length);
    }
}
