namespace Capyd.Postgres.Dumps;

/// <summary>
/// The table of contents at the beginning of a custom-format archive, as <c>pg_dump</c> 12 to 18 write it (versions 1.14 to 1.16 of
/// the format; <c>src/bin/pg_dump/pg_backup_archiver.c</c>, <c>ReadHead</c> and <c>ReadToc</c>).
/// </summary>
internal sealed class ArchiveToc
{
    private const int MagicLength = 5;
    private const int FirstWithCompressionByte = 0x010f;
    private const int FirstWithRelationKind = 0x0110;

    public required int IntegerSize { get; init; }

    public required int OffsetSize { get; init; }

    public required int Length { get; init; }

    public required IReadOnlyList<TocEntry> Entries { get; init; }

    /// <summary>Null with <paramref name="needsMore"/> when the bytes end too early; null without it for what is not known.</summary>
    public static ArchiveToc? Read(byte[] bytes, int length, out bool needsMore)
    {
        var cursor = new TocCursor(bytes, length) { Position = MagicLength };
        needsMore = length < MagicLength + 6;
        if (needsMore || !bytes.AsSpan(0, MagicLength).SequenceEqual("PGDMP"u8))
        {
            return null;
        }

        var version = (cursor.Byte() << 8) | cursor.Byte();
        cursor.Byte();
        cursor.IntegerSize = cursor.Byte();
        var offsetSize = cursor.Byte();
        if (cursor.Byte() != 1 || version is < 0x010e or > 0x0110 || cursor.IntegerSize is < 4 or > 8 || offsetSize is < 4 or > 8)
        {
            return null;
        }

        SkipHead(cursor, version);
        var entries = All(cursor, version, offsetSize);
        needsMore = cursor is { IsShort: true, IsBroken: false };
        return cursor.IsShort || cursor.IsBroken
            ? null
            : new ArchiveToc { IntegerSize = cursor.IntegerSize, OffsetSize = offsetSize, Length = cursor.Position, Entries = entries };
    }

    /// <summary>Compression, time of the dump, and three names.</summary>
    private static void SkipHead(TocCursor cursor, int version)
    {
        if (version >= FirstWithCompressionByte)
        {
            cursor.Byte();
        }
        else
        {
            cursor.Integer();
        }

        cursor.SkipIntegers(7);
        cursor.SkipStrings(3);
    }

    private static List<TocEntry> All(TocCursor cursor, int version, int offsetSize)
    {
        var count = cursor.Integer();
        var entries = new List<TocEntry>();
        for (var i = 0; i < count && !cursor.IsShort && !cursor.IsBroken; i++)
        {
            entries.Add(Next(cursor, version, offsetSize));
        }

        return entries;
    }

    private static TocEntry Next(TocCursor cursor, int version, int offsetSize)
    {
        var dumpId = cursor.Integer();
        cursor.Integer();
        cursor.SkipStrings(2);
        var name = cursor.Text();
        var type = cursor.Text();
        cursor.Integer();
        var viaRoot = cursor.String(out var definition) && definition.StartsWith("-- load via partition root"u8);
        cursor.SkipStrings(1);
        var copyStart = cursor.Position;
        cursor.SkipStrings(1);
        var copyEnd = cursor.Position;
        var schema = cursor.Text();
        cursor.SkipStrings(2);
        if (version >= FirstWithRelationKind)
        {
            cursor.Integer();
        }

        cursor.SkipStrings(2);
        while (cursor.String(out _))
        {
        }

        var offset = cursor.Position;
        cursor.Position += 1 + offsetSize;
        return new TocEntry(dumpId, type, schema, name, copyStart..copyEnd, offset, viaRoot);
    }
}
