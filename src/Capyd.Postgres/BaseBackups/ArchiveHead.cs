using System.Globalization;

namespace Capyd.Postgres.BaseBackups;

/// <summary>What archive begins: base.tar, 16400.tar for a tablespace, or (null) the manifest.</summary>
internal sealed record ArchiveHead(string? Name)
{
    /// <summary>What stands before the names of its members: nothing, or pg_tblspc/16400/.</summary>
    /// <exception cref="BaseBackupFailedException">The name is none that we know.</exception>
    public string Prefix()
    {
        var name = Path.GetFileNameWithoutExtension(Name);
        return name switch
        {
            "base" => "",
            _ when uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var oid) => $"pg_tblspc/{oid}/",
            _ => throw new BaseBackupFailedException($"The server sent an archive named {Name}.", BaseBackupFailure.Other),
        };
    }
}
