using Microsoft.Win32.SafeHandles;

namespace Capyd.Storage.Repository.Chunks;

/// <summary>A file without a name: gone when it is closed, and when the process dies.</summary>
internal static class TemporaryFile
{
    public static SafeFileHandle Create(string directory)
    {
        var path = Path.Combine(directory, $"{ObjectName.PartialPrefix}{Guid.NewGuid():N}");
        var file = NativeFile.OpenForLocking(path);
        File.Delete(path);
        return file;
    }
}
