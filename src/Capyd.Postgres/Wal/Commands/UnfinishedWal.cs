namespace Capyd.Postgres.Wal.Commands;

/// <summary>Where a file of WAL is written before it gets its name.</summary>
internal static class UnfinishedWal
{
    /// <summary>The name is free, so that the file can be made anew. One that is emptied instead (FileMode.Create) is written to the disk
    /// by ext4 as soon as it is closed (auto_da_alloc), and nearly all of these are gone again a moment later.</summary>
    public static string Fresh(string destination)
    {
        var unfinished = destination + ".capyd";
        File.Delete(unfinished);
        return unfinished;
    }
}
