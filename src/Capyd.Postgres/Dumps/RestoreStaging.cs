namespace Capyd.Postgres.Dumps;

/// <summary>Files of one restore, readable by the OS user of the tools, gone when it ends.</summary>
internal sealed class RestoreStaging : IDisposable
{
    private const UnixFileMode ListAndRead = (UnixFileMode)0b111_101_101;
    private const UnixFileMode Read = (UnixFileMode)0b110_100_100;
    private const int BufferSize = 1024 * 1024;

    private readonly string _directory;

    /// <param name="toolUserIsOther">Whether the tools run as another OS user, who must be able to read.</param>
    public RestoreStaging(string root, bool toolUserIsOther)
    {
        _directory = Path.Combine(root, $"restore-{Guid.NewGuid():n}");
        Directory.CreateDirectory(_directory);
        if (toolUserIsOther)
        {
            File.SetUnixFileMode(_directory, ListAndRead);
        }
    }

    public string ListPath => Path.Combine(_directory, "contents.list");

    public string ArchivePath => Path.Combine(_directory, "archive.dump");

    public async Task WriteListAsync(string list, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(ListPath, list, cancellationToken);
        File.SetUnixFileMode(ListPath, Read);
    }

    public async Task WriteArchiveAsync(Stream archive, CancellationToken cancellationToken)
    {
        await using (var file = new FileStream(ArchivePath, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize, useAsync: true))
        {
            await CopyAsync(archive, file, cancellationToken);
        }

        File.SetUnixFileMode(ArchivePath, Read);
    }

    /// <summary>Unpacks the next piece while the last one is written.</summary>
    private static async Task CopyAsync(Stream archive, FileStream file, CancellationToken cancellationToken)
    {
        byte[][] buffers = [new byte[BufferSize], new byte[BufferSize]];
        var writing = Task.CompletedTask;
        for (var turn = 0; ; turn ^= 1)
        {
            var count = await archive.ReadAtLeastAsync(buffers[turn], BufferSize, throwOnEndOfStream: false, cancellationToken);
            await writing;
            if (count == 0)
            {
                return;
            }

            writing = file.WriteAsync(buffers[turn].AsMemory(0, count), cancellationToken).AsTask();
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }
}
