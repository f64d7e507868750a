using System.Text;

namespace Capyd.Postgres.Dumps;

/// <summary>Walks over the encoding of the custom format: bytes, signed integers of the archive's width, counted strings.</summary>
internal sealed class TocCursor(byte[] bytes, int length)
{
    private const int LongestString = 1 << 28;

    public int Position { get; set; }

    public int IntegerSize { get; set; } = 4;

    /// <summary>Whether more bytes than there are were asked for; what was read since is worth nothing.</summary>
    public bool IsShort { get; private set; }

    /// <summary>Whether a length was met that no archive has.</summary>
    public bool IsBroken { get; private set; }

    public byte Byte()
    {
        if (Position >= length)
        {
            IsShort = true;
            return 0;
        }

        return bytes[Position++];
    }

    public int Integer()
    {
        var negative = Byte() != 0;
        var value = 0L;
        for (var i = 0; i < IntegerSize; i++)
        {
            value |= (long)Byte() << (8 * i);
        }

        return (int)(negative ? -value : value);
    }

    public void SkipIntegers(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Integer();
        }
    }

    /// <summary>The bytes of a string; default and false when it is null.</summary>
    public bool String(out ReadOnlySpan<byte> text)
    {
        text = default;
        var count = Integer();
        if (count < 0)
        {
            return false;
        }

        IsBroken |= count > LongestString;
        IsShort |= count > length - Position;
        if (IsShort || IsBroken)
        {
            return false;
        }

        text = bytes.AsSpan(Position, count);
        Position += count;
        return true;
    }

    public string Text() => String(out var text) ? Encoding.UTF8.GetString(text) : "";

    public void SkipStrings(int count)
    {
        for (var i = 0; i < count; i++)
        {
            String(out _);
        }
    }
}
