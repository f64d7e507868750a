using System.Buffers.Binary;

namespace Capyd.Storage.Repository.Chunks;

/// <summary>Writes little-endian values one after another.</summary>
internal ref struct SpanWriter(Span<byte> target)
{
    private Span<byte> _rest = target;

    public Span<byte> Take(int length)
    {
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    public void Byte(byte value) => Take(1)[0] = value;

    public void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(4), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    /// <exception cref="ArgumentException">The text has more than 65535 bytes.</exception>
    public void Text(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > ushort.MaxValue)
        {
            throw new ArgumentException($"A text of {utf8.Length} bytes does not fit into a manifest.", nameof(utf8));
        }

        BinaryPrimitives.WriteUInt16LittleEndian(Take(2), (ushort)utf8.Length);
        utf8.CopyTo(Take(utf8.Length));
    }
}
