using System.Text;

namespace Capyd.Postgres.Imports;

/// <summary>Bytes of a script that are being collected.</summary>
internal sealed class ScriptText
{
    private const int KeptCapacity = 1024 * 1024;

    private byte[] _bytes = new byte[1024];

    public int Length { get; private set; }

    public void Add(byte value)
    {
        if (Length == _bytes.Length)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }

        _bytes[Length++] = value;
    }

    public void RemoveLast() => Length--;

    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > KeptCapacity)
        {
            _bytes = new byte[1024];
        }
    }

    /// <summary>One character for each byte.</summary>
    public string Latin1() => Encoding.Latin1.GetString(_bytes, 0, Length);

    public string Utf8() => Encoding.UTF8.GetString(_bytes, 0, Length);
}
