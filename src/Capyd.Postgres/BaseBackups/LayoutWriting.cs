namespace Capyd.Postgres.BaseBackups;

/// <summary>Makes directories and the links of tablespaces, and leaves the files to others.</summary>
internal sealed class LayoutWriting(RestorePaths paths)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // In order, so that each directory follows the one it is in.
    private readonly List<(string Path, UnixFileMode Mode)> _directories = [];
    private readonly HashSet<string> _made = new(StringComparer.Ordinal);
    private readonly HashSet<string> _placed = new(StringComparer.Ordinal);

    /// <summary>The files; directories and links are made on the way.</summary>
    /// <exception cref="InvalidDataException">A link is none of a tablespace.</exception>
    public IEnumerable<BaseBackupMember> FilesOf(IEnumerable<BaseBackupMember> members)
    {
        foreach (var member in members)
        {
            Place(RestorePaths.TablespaceOf(member.Path));
            switch (member.Kind)
            {
                case BaseBackupMemberKind.File:
                    Make(Path.GetDirectoryName(paths.Of(member.Path))!);
                    if (member.Path != "tablespace_map")
                    {
                        // The map would lead the server to the places of the tablespaces on the server that was backed up.
                        yield return member;
                    }

                    break;
                case BaseBackupMemberKind.Directory when member.Path is not ("" or "."):
                    Make(paths.Of(member.Path));
                    _directories.Add((paths.Of(member.Path), member.Mode));
                    break;
                case BaseBackupMemberKind.SymbolicLink when RestorePaths.TablespaceOf(member.Path) != member.Path:
                    throw new InvalidDataException(
                        $"The base backup has a link {member.Path} to {member.LinkTarget}, which would lead out of the data directory.");
            }
        }
    }

    /// <summary>Gives directories their modes, which might forbid us to write into them.</summary>
    public void SetModes(bool durable)
    {
        foreach (var (path, mode) in _directories)
        {
            File.SetUnixFileMode(path, mode | OwnerOnly);
        }

        foreach (var path in durable ? _made : [])
        {
            DirectorySync.Run(path);
        }

        if (durable)
        {
            DirectorySync.Run(paths.Target);
        }
    }

    // The server sends no links, but the files of each tablespace; where they go is ours to choose.
    private void Place(string? tablespace)
    {
        if (tablespace is null || !_placed.Add(tablespace))
        {
            return;
        }

        Make(paths.DirectoryOf(tablespace));
        Make(Path.GetDirectoryName(paths.Of(tablespace))!);
        File.CreateSymbolicLink(paths.Of(tablespace), paths.DirectoryOf(tablespace));
    }

    private void Make(string directory)
    {
        if (_made.Add(directory))
        {
            Directory.CreateDirectory(directory, OwnerOnly);
        }
    }
}
