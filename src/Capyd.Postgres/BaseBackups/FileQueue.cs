namespace Capyd.Postgres.BaseBackups;

/// <summary>Files that wait to be read, large ones first and small ones many at a time. Safe for several threads.</summary>
internal sealed class FileQueue
{
    private const int MostFiles = 64;
    private const long MostBytes = 8 << 20;

    private readonly List<BackupFile> _files;
    private int _next;

    public FileQueue(List<BackupFile> files)
    {
        _files = files;
        _files.Sort(static (one, other) => other.Size.CompareTo(one.Size));
        foreach (var file in files)
        {
            Bytes += file.Size;
        }
    }

    public long Bytes { get; }

    /// <returns>Empty when none is left.</returns>
    public List<BackupFile> Next()
    {
        lock (_files)
        {
            var end = _next;
            long bytes = 0;
            while (end < _files.Count && end - _next < MostFiles && (end == _next || bytes + _files[end].Size <= MostBytes))
            {
                bytes += _files[end++].Size;
            }

            var taken = _files.GetRange(_next, end - _next);
            _next = end;
            return taken;
        }
    }
}
