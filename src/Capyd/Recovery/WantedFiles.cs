using Capyd.Postgres.BaseBackups;
using Capyd.Postgres.Cluster;

namespace Capyd.Recovery;

/// <summary>What of a base backup a recovery of one database needs. Files of a database that was made while the backup was taken, and so is
/// in no list, are wanted, too.</summary>
/// <param name="Databases">Whose contents are written out; those of all others become holes.</param>
/// <param name="Bytes">Their size, with everything that belongs to no database.</param>
internal sealed record WantedFiles(IReadOnlySet<uint> Databases, long Bytes)
{
    private static readonly string[] Always = ["postgres", "template0", "template1"];

    /// <param name="listed">The databases when the backup began.</param>
    /// <param name="extra">Wanted besides, by their numbers.</param>
    public static WantedFiles Of(IReadOnlyList<BaseBackupDatabase> listed, IEnumerable<BaseBackupMember> members, DatabaseName wanted, IReadOnlySet<uint> extra)
    {
        var unwanted = listed.Where(database => database.Name != wanted.ToString() && !Always.Contains(database.Name) && !extra.Contains(database.Oid))
            .Select(database => database.Oid).ToHashSet();
        var (databases, bytes) = (new HashSet<uint>(), 0L);
        foreach (var member in members.Where(member => member.Size > 0))
        {
            var database = RelationFiles.DatabaseOf(member.Path);
            if (database is not { } oid || !unwanted.Contains(oid))
            {
                bytes += member.Size;
                databases.UnionWith(database is { } one ? [one] : []);
            }
        }

        return new WantedFiles(databases, bytes);
    }

    /// <summary>The numbers of the databases that have holes where their contents were.</summary>
    public IReadOnlySet<uint> Hollow(IReadOnlyList<BaseBackupDatabase> listed) =>
        listed.Select(database => database.Oid).Where(oid => !Databases.Contains(oid)).ToHashSet();

    /// <summary>Whether a database that was found after replay has holes where its contents were.</summary>
    public bool IsHollow(IReadOnlyList<BaseBackupDatabase> listed, uint oid) => Hollow(listed).Contains(oid);
}
