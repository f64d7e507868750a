using System.Buffers.Binary;

namespace Capyd.Postgres.Dumps;

/// <summary>
/// Makes a better table of contents for a restore side by side. An archive that was written to a pipe does not say where the data of
/// a table begins, so <c>pg_restore</c> neither knows the large tables nor can jump to them. And rows of a table that is made in the
/// same restore can be written frozen (manual: COPY, FREEZE), which saves the server to visit them again.
/// </summary>
internal sealed class TocRewriter(ArchiveToc toc, byte[] bytes)
{
    private const byte OffsetKnown = 2;
    private static readonly byte[] Ending = " FROM stdin;"u8.ToArray();
    private static readonly byte[] FrozenEnding = " FROM stdin WITH (FREEZE);"u8.ToArray();

    private readonly Dictionary<int, int> _offsetPlaces = [];

    /// <summary>The new table of contents; offsets are still those of the archive.</summary>
    public byte[] Rewrite(bool freeze)
    {
        var made = toc.Entries.Where(static entry => entry.Type == "TABLE").Select(static entry => (entry.Schema, entry.Name)).ToHashSet();
        using var output = new MemoryStream(toc.Length + (FrozenEnding.Length * toc.Entries.Count));
        var copied = 0;
        foreach (var entry in toc.Entries)
        {
            if (freeze && entry is { IsTableData: true, ViaRoot: false } && made.Contains((entry.Schema, entry.Name)) && Frozen(entry) is { } frozen)
            {
                output.Write(bytes, copied, entry.CopyAt.Start.Value - copied);
                output.Write(frozen);
                copied = entry.CopyAt.End.Value;
            }

            output.Write(bytes, copied, entry.OffsetAt - copied);
            copied = entry.OffsetAt;
            _offsetPlaces[entry.DumpId] = (int)output.Length;
        }

        output.Write(bytes, copied, toc.Length - copied);
        return output.ToArray();
    }

    /// <summary>Where in the file an entry's offset stands, and what belongs there.</summary>
    public IEnumerable<(int Place, byte[] Encoded)> Offsets(IEnumerable<ArchiveBlock> blocks)
    {
        foreach (var block in blocks)
        {
            if (_offsetPlaces.TryGetValue(block.Entry, out var place))
            {
                var encoded = new byte[1 + sizeof(long)];
                encoded[0] = OffsetKnown;
                BinaryPrimitives.WriteInt64LittleEndian(encoded.AsSpan(1), block.At);
                yield return (place, encoded[..(1 + toc.OffsetSize)]);
            }
        }
    }

    /// <summary>The encoded COPY statement with FREEZE; null when it is not the statement that pg_dump writes.</summary>
    private byte[]? Frozen(TocEntry entry)
    {
        var encoded = bytes.AsSpan(entry.CopyAt);
        var statement = encoded[Math.Min(encoded.Length, 1 + toc.IntegerSize)..];
        var end = statement.LastIndexOf(Ending);
        if (end < 0 || !statement.StartsWith("COPY "u8) || statement[(end + Ending.Length)..].IndexOfAnyExcept("\n"u8) >= 0)
        {
            return null;
        }

        byte[] text = [.. statement[..end], .. FrozenEnding, (byte)'\n'];
        var result = new byte[1 + toc.IntegerSize + text.Length];
        BinaryPrimitives.WriteInt32LittleEndian(result.AsSpan(1), text.Length);
        text.CopyTo(result, 1 + toc.IntegerSize);
        return result;
    }
}
