using System.Text;

namespace Capyd.Postgres.Imports;

/// <summary>Tells by its first bytes what a file holds; names are not looked at.</summary>
public static class FormatDetector
{
    /// <summary>As many first bytes as are needed, where a file has them.</summary>
    public const int HeadBytes = 4096;

    private const string HandIn = "Hand in what pg_dump writes (custom, tar, directory packed with tar, or plain SQL; each also as gzip or zstd).";
    private const int TarBlock = 512;
    private const int TarMagicAt = 257;
    private const int ArchiveHeader = 11;
    private const int CustomArchive = 1;
    private const int TarArchive = 3;

    private static readonly (byte[] Magic, string Name)[] Strangers =
    [
        ([0xFD, .. "7zXZ"u8], "xz data; unpack it with xz -d first"),
        ([.. "BZh"u8], "bzip2 data; unpack it with bzip2 -d first"),
        ([.. "PK\u0003\u0004"u8], "a zip file; unpack it first"),
        ([.. "7z"u8, 0xBC, 0xAF], "a 7-zip file; unpack it first"),
        ([0x04, 0x22, 0x4D, 0x18], "lz4 data; unpack it with lz4 -d first"),
        ([.. "SQLite format 3"u8], "a SQLite database, not a dump of PostgreSQL"),
        ([.. "-- MySQL dump"u8], "a dump of MySQL, not of PostgreSQL"),
        ([.. "-- MariaDB dump"u8], "a dump of MariaDB, not of PostgreSQL"),
        ([.. "/*M!"u8], "a dump of MariaDB, not of PostgreSQL"),
        ([.. "<!DOCTYPE"u8], "a web page; the download of the dump seems to have failed"),
        ([.. "<html"u8], "a web page; the download of the dump seems to have failed"),
        ([0xFF, 0xFE], "UTF-16 text, as > writes it in PowerShell; write the dump with pg_dump --file instead"),
        ([0xFE, 0xFF], "UTF-16 text; write the dump with pg_dump --file instead"),
    ];

    /// <exception cref="ImportRefusedException">It is nothing that can be imported; the message says what it seems to be.</exception>
    public static ImportFormat Detect(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty)
        {
            throw new ImportRefusedException($"The file is empty (0 bytes); the dump or the upload failed. {HandIn}");
        }

        RefuseStrangers(head);
        return head switch
        {
            [0x1F, 0x8B, ..] => new ImportFormat(ImportKind.Gzip),
            [0x28, 0xB5, 0x2F, 0xFD, ..] => new ImportFormat(ImportKind.Zstd),
            _ when head.StartsWith("PGDMP"u8) => Archive(head),
            _ when IsTar(head) => TarOf(head),
            _ => Text(head),
        };
    }

    private static void RefuseStrangers(ReadOnlySpan<byte> head)
    {
        foreach (var (magic, name) in Strangers)
        {
            if (head.StartsWith(magic))
            {
                throw new ImportRefusedException($"The file is {name}. {HandIn}");
            }
        }
    }

    private static ImportFormat Archive(ReadOnlySpan<byte> head)
    {
        if (head.Length < ArchiveHeader)
        {
            throw new ImportRefusedException($"The file is the beginning of a pg_dump archive, cut off after {head.Length} bytes. Dump or upload it again.");
        }

        return head[ArchiveHeader - 1] == CustomArchive
            ? new ImportFormat(ImportKind.Custom, VersionOf(head))
            : throw new ImportRefusedException(
                "The file is only the table of contents (toc.dat) of a dump in tar or directory format. Hand in the whole: the tar file, or the directory packed with tar.");
    }

    private static Version VersionOf(ReadOnlySpan<byte> header) => new(header[5], header[6]);

    private static bool IsTar(ReadOnlySpan<byte> head) =>
        head.Length >= TarBlock && head[TarMagicAt..].StartsWith("ustar"u8);

    /// <summary>pg_dump's own tar begins with toc.dat, which says that it is in a tar.</summary>
    private static ImportFormat TarOf(ReadOnlySpan<byte> head)
    {
        var content = head[TarBlock..];
        return head.StartsWith("toc.dat\0"u8) && content.Length >= ArchiveHeader && content.StartsWith("PGDMP"u8) && content[ArchiveHeader - 1] == TarArchive
            ? new ImportFormat(ImportKind.Tar, VersionOf(content))
            : new ImportFormat(ImportKind.DirectoryInTar);
    }

    private static ImportFormat Text(ReadOnlySpan<byte> head) =>
        head.ContainsAnyInRange((byte)0, (byte)8) || head.ContainsAnyInRange((byte)14, (byte)26)
            ? throw new ImportRefusedException($"The file begins with {Quoted(head)}, which is no format known here. {HandIn}")
            : new ImportFormat(ImportKind.Plain);

    private static string Quoted(ReadOnlySpan<byte> head)
    {
        var text = new StringBuilder("the bytes");
        foreach (var value in head[..Math.Min(8, head.Length)])
        {
            text.Append(' ').Append(Convert.ToHexStringLower([value]));
        }

        return text.ToString();
    }
}
