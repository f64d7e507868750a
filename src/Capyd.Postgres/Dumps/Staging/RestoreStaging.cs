namespace Capyd.Postgres.Dumps;

/// <summary>Files of one restore, readable by the OS user of the tools, gone when it ends.</summary>
internal sealed class RestoreStaging : IDisposable
{
    private const UnixFileMode ListAndRead = (UnixFileMode)0b111_101_101;
    private const UnixFileMode Read = (UnixFileMode)0b110_100_100;

    private readonly string _directory;
    private StagedSpace? _space;

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

    public string ArchivePath => Path.Combine(_directory, "archive.dump");

    /// <returns>The file's path.</returns>
    public async Task<string> WriteListAsync(string name, string list, CancellationToken cancellationToken)
    {
        var path = Path.Combine(_directory, name + ".list");
        await File.WriteAllTextAsync(path, list, cancellationToken);
        File.SetUnixFileMode(path, Read);
        return path;
    }

    /// <summary>Puts the archive down in the form that serves a restore side by side best.</summary>
    /// <param name="atOnce">Whether one pg_restore makes the tables and loads them: only then may rows be frozen.</param>
    /// <param name="give">Hands the file to the user of the tools, who may write to it meanwhile.</param>
    public async Task<StagedArchive> WriteArchiveAsync(
        IReadOnlyList<ArchivePart> archive, bool atOnce, Func<string, Task> give, CancellationToken cancellationToken)
    {
        var file = File.OpenHandle(ArchivePath, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite, FileOptions.Asynchronous);
        _space = new StagedSpace(file);
        await give(ArchivePath);
        var staged = await new ArchiveWriter(archive, ArchivePath, file, atOnce).WriteAsync(cancellationToken);
        File.SetUnixFileMode(ArchivePath, Read);
        return staged;
    }

    /// <summary>For what is not read again.</summary>
    public void Free(ArchiveBlock block) => _space?.Free(block);

    public void Dispose()
    {
        _space?.Dispose();
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }
}
