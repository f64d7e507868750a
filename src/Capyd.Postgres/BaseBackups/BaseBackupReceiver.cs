using System.Formats.Tar;
using System.Text;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Streams;

namespace Capyd.Postgres.BaseBackups;

/// <summary>Receives the files of one base backup that has begun.</summary>
internal sealed class BaseBackupReceiver(BackupConnection connection, BaseBackupRequest request, BaseBackupStart start)
{
    private const string LabelFile = "backup_label";
    private const string MapFile = "tablespace_map";
    private const string ManifestFile = "backup_manifest";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly ArrivedFiles _arrived = new();
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    public async Task<BaseBackupResult> RunAsync(CancellationToken ct)
    {
        var begin = await connection.ReadAsync(ct);
        if (begin.Type != 'H')
        {
            throw BackupConnection.Unexpected(begin.Type, "the files");
        }

        var complete = await ReceiveArchivesAsync(ct);
        var end = (await connection.ReadRowsAsync(ct))[0];
        while ((await connection.ReadAsync(ct)).Type != 'Z')
        {
            // The end of the command is said once for the rows and once for the whole.
        }

        if (!complete || !_texts.TryGetValue(LabelFile, out var label))
        {
            throw new BaseBackupFailedException("The server sent no backup_label or no backup_manifest.", BaseBackupFailure.Altered);
        }

        return new BaseBackupResult(
            start, BaseBackup.Timeline(end), Lsn.Parse(end[0]!), label, _texts.GetValueOrDefault(MapFile, ""), _arrived.Files, _arrived.Bytes);
    }

    /// <returns>Whether the manifest was there and everything arrived as it says.</returns>
    private async Task<bool> ReceiveArchivesAsync(CancellationToken ct)
    {
        var manifest = false;
        await using var archive = new ArchiveStream(
            connection, bytes => request.Progress?.Invoke(new BaseBackupProgress(bytes, start.EstimatedBytes)));
        while (await archive.NextAsync(ct) is { } head)
        {
            if (head.Name is null)
            {
                await ReceiveManifestAsync(archive, ct);
                manifest = true;
            }
            else
            {
                await ReceiveMembersAsync(archive, head.Prefix(), ct);
            }
        }

        return manifest;
    }

    private async Task ReceiveMembersAsync(ArchiveStream archive, string prefix, CancellationToken ct)
    {
        await using var tar = new TarReader(archive, leaveOpen: true);
        while (await tar.GetNextEntryAsync(copyData: false, ct) is { } entry)
        {
            var member = Describe(entry, prefix);
            if (member.Kind != BaseBackupMemberKind.File)
            {
                await request.ConsumeMember(member, Stream.Null, ct);
                continue;
            }

            await ReceiveFileAsync(member, entry.DataStream ?? Stream.Null, ct);
        }
    }

    private async Task ReceiveFileAsync(BaseBackupMember member, Stream content, CancellationToken ct)
    {
        var checksum = new Crc32C();
        long size = 0;
        var kept = member.Path is LabelFile or MapFile ? new MemoryStream() : null;
        await using var observed = new ObservedStream(content, bytes =>
        {
            checksum.Add(bytes.Span);
            size += bytes.Length;
            kept?.Write(bytes.Span);
        });
        await request.ConsumeMember(member, observed, ct);
        await observed.DrainAsync(ct);
        _arrived.Add(member.Path, checksum.Value, size);
        if (kept is not null)
        {
            _texts[member.Path] = Encoding.UTF8.GetString(kept.ToArray());
        }
    }

    private async Task ReceiveManifestAsync(ArchiveStream archive, CancellationToken ct)
    {
        using var comparison = new ManifestComparison(_arrived);
        await using var observed = new ObservedStream(archive, bytes => comparison.Add(bytes.Span));
        await request.ConsumeMember(new BaseBackupMember(BaseBackupMemberKind.File, ManifestFile, OwnerOnly, -1, 0), observed, ct);
        await observed.DrainAsync(ct);
        comparison.Complete();
    }

    private static BaseBackupMember Describe(TarEntry entry, string prefix)
    {
        var name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
        var kind = entry.EntryType switch
        {
            TarEntryType.RegularFile or TarEntryType.V7RegularFile => BaseBackupMemberKind.File,
            TarEntryType.Directory => BaseBackupMemberKind.Directory,
            TarEntryType.SymbolicLink => BaseBackupMemberKind.SymbolicLink,
            _ => throw new BaseBackupFailedException($"The server sent {name}, which is neither file, directory nor link.", BaseBackupFailure.Other),
        };
        return new BaseBackupMember(
            kind, prefix + name.TrimEnd('/'), entry.Mode, kind == BaseBackupMemberKind.File ? entry.Length : 0, entry.ModificationTime.ToUnixTimeSeconds())
        {
            LinkTarget = kind == BaseBackupMemberKind.SymbolicLink ? entry.LinkName : "",
        };
    }
}
