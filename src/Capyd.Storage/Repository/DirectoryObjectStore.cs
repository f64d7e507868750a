using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Capyd.Storage.Repository;

/// <summary>Objects as files (0600) below one directory (0700), each under its own name.</summary>
/// <param name="mark">Makes sure that the directory is the one that is meant, before anything is written, listed or said to be missing;
/// null for a directory that is nobody's repository, or is only read.</param>
public sealed class DirectoryObjectStore(string root, RepositoryMark? mark = null) : IObjectStore
{
    private readonly string _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));

    /// <summary>Whether this host writes it, and so knows it again when its disk was away.</summary>
    public bool IsOurs => mark?.IsRemembered == true;

    public async Task<WrittenObject> WriteAsync(
        ObjectName name, Func<Stream, CancellationToken, Task> write, CancellationToken ct)
    {
        mark?.Require();
        var path = PathOf(name);
        var directory = DurableFile.ParentOf(path);
        DurableFile.CreateDirectory(directory);
        var partial = Path.Combine(directory, $"{ObjectName.PartialPrefix}{Guid.NewGuid():N}");
        try
        {
            var written = await WritePartialAsync(name, partial, write, ct);
            if (!DurableFile.Publish(partial, path) && await DigestAsync(path, ct) != written.Sha256)
            {
                throw new ObjectExistsException(name);
            }

            return written;
        }
        finally
        {
            File.Delete(partial);
        }
    }

    public Task WriteNewAsync(ObjectName name, ReadOnlyMemory<byte> bytes, CancellationToken ct) =>
        WriteNewAsync(name, (stream, token) => stream.WriteAsync(bytes, token).AsTask(), ct);

    public async Task WriteNewAsync(ObjectName name, Func<Stream, CancellationToken, Task> write, CancellationToken ct)
    {
        mark?.Require();
        var path = PathOf(name);
        var directory = DurableFile.ParentOf(path);
        DurableFile.CreateDirectory(directory);
        var partial = Path.Combine(directory, $"{ObjectName.PartialPrefix}{Guid.NewGuid():N}");
        try
        {
            await using (var file = CreatePartial(partial))
            {
                await write(file, ct);
                ct.ThrowIfCancellationRequested();
                file.Flush(flushToDisk: true);
            }

            if (!DurableFile.Publish(partial, path))
            {
                throw new ObjectExistsException(name);
            }
        }
        finally
        {
            File.Delete(partial);
        }
    }

    public Task<Stream> OpenReadAsync(ObjectName name, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        try
        {
            return Task.FromResult<Stream>(OpenSequential(PathOf(name)));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromException<Stream>(mark?.Problem is { } problem ? new StoreUnavailableException(problem) : new ObjectMissingException(name));
        }
    }

    public async Task ReadAtAsync(ObjectName name, long offset, Memory<byte> buffer, CancellationToken ct)
    {
        await using var file = await OpenReadAsync(name, ct);
        file.Position = offset;
        await file.ReadExactlyAsync(buffer, ct);
    }

    public async Task<bool> ExistsAsync(ObjectName name, CancellationToken ct) => await FindAsync(name, ct) is not null;

    public Task<StoredObject?> FindAsync(ObjectName name, CancellationToken ct)
    {
        mark?.Require();
        return Task.FromResult(Describe(new FileInfo(PathOf(name)), name.ToString()));
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        mark?.Require();
        var folder = prefix[..(prefix.LastIndexOf('/') + 1)].TrimEnd('/');
        if (folder.Length > 0 && !ObjectName.TryParse(folder, out _))
        {
            yield break;
        }

        foreach (var file in FilesBelow(new DirectoryInfo(Path.Combine(_root, folder))))
        {
            ct.ThrowIfCancellationRequested();
            var text = Path.GetRelativePath(_root, file.FullName);
            if (text != RepositoryMark.FileName && text.StartsWith(prefix, StringComparison.Ordinal) && Describe(file, text) is { } found)
            {
                yield return found;
            }
        }
    }

    public Task DeleteAsync(ObjectName name, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        mark?.Require();
        var path = PathOf(name);
        if (File.Exists(path))
        {
            File.Delete(path);
            DurableFile.SyncDirectory(DurableFile.ParentOf(path));
        }

        return Task.CompletedTask;
    }

    public Task<long> FreeBytesAsync(CancellationToken ct)
    {
        mark?.Require();
        DurableFile.CreateDirectory(_root);
        return Task.FromResult(new DriveInfo(_root).AvailableFreeSpace);
    }

    /// <summary>Removes what writers left behind that were killed. For the start, before anybody writes.</summary>
    /// <returns>The number of files that were removed.</returns>
    public int RemoveHalfWritten()
    {
        var removed = 0;
        foreach (var file in FilesBelow(new DirectoryInfo(_root)))
        {
            if (file.Name.StartsWith(ObjectName.PartialPrefix, StringComparison.Ordinal))
            {
                file.Delete();
                removed++;
            }
        }

        return removed;
    }

    private static async Task<WrittenObject> WritePartialAsync(
        ObjectName name, string partial, Func<Stream, CancellationToken, Task> write, CancellationToken ct)
    {
        await using var file = CreatePartial(partial);
        await using var hashing = new HashingStream(file);
        await write(hashing, ct);
        ct.ThrowIfCancellationRequested();
        file.Flush(flushToDisk: true);
        return new WrittenObject(name, hashing.Length, hashing.Sha256);
    }

    private static FileStream CreatePartial(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.Write,
        BufferSize = 0,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });

    private static async Task<string> DigestAsync(string path, CancellationToken ct)
    {
        await using var existing = OpenSequential(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(existing, ct));
    }

    private static FileStream OpenSequential(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Open,
        Access = FileAccess.Read,
        Share = FileShare.Read | FileShare.Delete,
        BufferSize = 0,
        Options = FileOptions.SequentialScan,
    });

    // In order of name within each directory. Foreign things (lost+found, links) are not ours to look into.
    private static IEnumerable<FileInfo> FilesBelow(DirectoryInfo directory)
    {
        if (!directory.Exists)
        {
            yield break;
        }

        foreach (var entry in directory.GetFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            if (entry.LinkTarget is not null)
            {
                continue;
            }

            if (entry is FileInfo file)
            {
                yield return file;
            }
            else if (ObjectName.IsSegment(entry.Name))
            {
                foreach (var inner in FilesBelow((DirectoryInfo)entry))
                {
                    yield return inner;
                }
            }
        }
    }

    // Null when the file is none of ours, or was removed while the listing ran.
    private static StoredObject? Describe(FileInfo file, string text)
    {
        file.Refresh();
        return file.Exists && ObjectName.TryParse(text, out var name)
            ? new StoredObject(name, file.Length, new DateTimeOffset(file.LastWriteTimeUtc))
            : null;
    }

    private string PathOf(ObjectName name) => Path.Combine(_root, name.ToString());
}
