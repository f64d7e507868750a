using System.Text;

namespace Capyd.Postgres.Tools;

/// <summary>Keeps the last 64 KiB of a text stream.</summary>
internal sealed class TailBuffer
{
    public const int Capacity = 64 * 1024;

    private readonly byte[] _ring = new byte[Capacity];
    private long _written;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            _ring[_written++ % Capacity] = value;
        }
    }

    /// <summary>The tail. When something was cut off, it begins with a whole line, so that no half of a secret is left over.</summary>
    public string Text(Redaction redaction)
    {
        var length = (int)Math.Min(_written, Capacity);
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = _ring[(_written - length + i) % Capacity];
        }

        var text = Encoding.UTF8.GetString(bytes);
        return redaction.Apply(_written > Capacity ? text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..] : text);
    }
}
