namespace Capyd.Storage.Sqlite;

/// <summary>The file is damaged, or is no SQLite database.</summary>
public sealed class MetadataCorruptException : MetadataException
{
    public MetadataCorruptException(string path, string finding, Exception? inner = null)
        : base(
            $"The metadata database {path} is damaged: {finding}. Stop capyd, move the file and its -wal and -shm "
            + "companions aside (do not delete them), put the newest metadata copy from the repository in its place, "
            + "and start again.",
            inner!)
    {
    }
}
