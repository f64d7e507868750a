namespace Capyd.Postgres.BaseBackups;

/// <summary>A base backup as it is kept.</summary>
public interface IBaseBackupContents
{
    /// <summary>Everything that arrived, directories before what is in them.</summary>
    IEnumerable<BaseBackupMember> Members { get; }

    /// <summary>The content of a file; several may be open at a time.</summary>
    Task<Stream> OpenAsync(BaseBackupMember file, CancellationToken cancellationToken);
}
