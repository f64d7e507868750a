namespace Capyd.Storage.Sqlite;

/// <summary>A newer capyd has written this database; an older one must not guess.</summary>
public sealed class SchemaTooNewException : MetadataException
{
    public SchemaTooNewException(string path, long found, long known)
        : base(
            $"The metadata database {path} has schema version {found}, but this capyd knows only versions up to "
            + $"{known}. Install the newer capyd again, or restore a metadata copy made before the upgrade.")
    {
        Found = found;
        Known = known;
    }

    public long Found { get; }

    public long Known { get; }
}
