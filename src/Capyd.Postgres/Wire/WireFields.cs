using System.Buffers.Binary;
using System.Text;

namespace Capyd.Postgres.Wire;

/// <summary>Takes the fields out of a message's body.</summary>
internal static class WireFields
{
    /// <summary>The texts of a DataRow; null for SQL's null.</summary>
    public static string?[] Row(ReadOnlySpan<byte> body)
    {
        var fields = new string?[BinaryPrimitives.ReadInt16BigEndian(body)];
        body = body[2..];
        for (var at = 0; at < fields.Length; at++)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(body);
            body = body[4..];
            if (length >= 0)
            {
                fields[at] = Encoding.UTF8.GetString(body[..length]);
                body = body[length..];
            }
        }

        return fields;
    }

    /// <summary>The fields of an error or notice by their letter: C is the SQLSTATE, M the message, H the hint.</summary>
    public static Dictionary<char, string> Report(ReadOnlySpan<byte> body)
    {
        var fields = new Dictionary<char, string>();
        while (body.Length > 1 && body[0] != 0)
        {
            var letter = (char)body[0];
            fields[letter] = Text(body[1..], out body);
        }

        return fields;
    }

    /// <summary>A text that ends with a zero byte.</summary>
    public static string Text(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> rest)
    {
        var end = body.IndexOf((byte)0);
        rest = body[(end + 1)..];
        return Encoding.UTF8.GetString(body[..end]);
    }
}
