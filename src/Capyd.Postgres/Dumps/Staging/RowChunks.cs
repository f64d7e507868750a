using System.Buffers.Binary;

namespace Capyd.Postgres.Dumps;

/// <summary>Data blocks of an archive as they are put together, with short chunks joined.</summary>
internal sealed class RowChunks(int integerSize)
{
    private const int Full = 64 * 1024;
    private const int FirstSize = 4 * Full;

    private byte[] _bytes = new byte[FirstSize];
    private int _length;
    private int _taken;
    private int? _open;

    /// <summary>Bytes as they are, in the open chunk when there is one.</summary>
    public void Put(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>A number as the archive encodes it; no chunk may be open.</summary>
    public void Put(long number)
    {
        Reserve(1 + sizeof(long));
        Encode(_length, number);
        _length += 1 + integerSize;
    }

    /// <summary>A chunk of that length comes: a short one is added to the open one.</summary>
    public void Begin(long length)
    {
        if (_open is { } start && _length - start - 1 - integerSize + length <= Full)
        {
            return;
        }

        Close();
        _open = length < Full ? _length : null;
        Put(length);
    }

    /// <summary>Ends the open chunk, if there is one.</summary>
    public void Close()
    {
        if (_open is { } start)
        {
            Encode(start, _length - start - 1 - integerSize);
            _open = null;
        }
    }

    /// <summary>What is finished; valid until the next call of anything.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        var taken = _bytes.AsMemory(_taken, (_open ?? _length) - _taken);
        _taken += taken.Length;
        return taken;
    }

    private void Encode(int at, long number)
    {
        Span<byte> encoded = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(encoded, number);
        _bytes[at] = 0;
        encoded[..integerSize].CopyTo(_bytes.AsSpan(at + 1));
    }

    /// <summary>What was taken goes first; only then is more memory asked for.</summary>
    private void Reserve(int count)
    {
        if (_length + count <= _bytes.Length)
        {
            return;
        }

        _bytes.AsSpan(_taken.._length).CopyTo(_bytes);
        (_open, _length, _taken) = (_open - _taken, _length - _taken, 0);
        if (_length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
        }
    }
}
