namespace Capyd.Postgres.BaseBackups;

/// <summary>What a member of a base backup is.</summary>
public enum BaseBackupMemberKind
{
    File,
    Directory,
    SymbolicLink,
}
