namespace Capyd.Storage.Repository;

/// <summary>Changes to files that survive power loss once the method has returned.</summary>
public static class DurableFile
{
    private const UnixFileMode PrivateDirectory =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Replaces or creates the file: readers see the old bytes or all of the new ones.</summary>
    public static void WriteAllBytes(string path, ReadOnlySpan<byte> bytes, UnixFileMode mode)
    {
        var partial = WritePartial(path, bytes, mode);
        try
        {
            Replace(partial, path);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    /// <summary>Flushes the entries of a directory (created, renamed and removed files) to disk.</summary>
    public static void SyncDirectory(string path) => NativeFile.SyncDirectory(path);

    /// <summary>Flushes the contents of a closed file to disk.</summary>
    public static void SyncFile(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Gives a flushed file its final name, in place of what had it.</summary>
    public static void Replace(string from, string to)
    {
        File.Move(from, to, overwrite: true);
        SyncDirectory(ParentOf(to));
    }

    /// <summary>Creates a file that must not exist yet.</summary>
    /// <returns>False when the name was taken; then that file stays as it is.</returns>
    public static bool TryCreate(string path, ReadOnlySpan<byte> bytes, UnixFileMode mode)
    {
        var partial = WritePartial(path, bytes, mode);
        try
        {
            return Publish(partial, path);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>Creates a directory (0700) and those above it, each durable in its parent.</summary>
    public static void CreateDirectory(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        var parent = ParentOf(path);
        CreateDirectory(parent);
        Directory.CreateDirectory(path, PrivateDirectory);
        SyncDirectory(parent);
    }

    /// <summary>Gives a flushed file its final name unless that is taken, in which case false.</summary>
    internal static bool Publish(string from, string to)
    {
        var published = NativeFile.RenameWithoutReplacing(from, to);
        SyncDirectory(ParentOf(to));
        return published;
    }

    internal static string ParentOf(string path) =>
        Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))
        ?? throw new ArgumentException($"{path} has no parent directory.", nameof(path));

    private static string WritePartial(string path, ReadOnlySpan<byte> bytes, UnixFileMode mode)
    {
        var partial = Path.Combine(ParentOf(path), $"{ObjectName.PartialPrefix}{Guid.NewGuid():N}");
        using var file = new FileStream(partial, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
            UnixCreateMode = mode,
        });
        file.Write(bytes);
        file.Flush(flushToDisk: true);
        return partial;
    }
}
