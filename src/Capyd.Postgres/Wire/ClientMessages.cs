using System.Buffers.Binary;
using System.Text;

namespace Capyd.Postgres.Wire;

/// <summary>Messages that a client sends, with their heads.</summary>
internal static class ClientMessages
{
    private const int ProtocolVersion = 3 << 16;

    /// <summary>The first message of a session: no letter, and a list of names and values.</summary>
    public static byte[] Startup(params ReadOnlySpan<string> namesAndValues)
    {
        var settings = Encoding.UTF8.GetBytes(string.Join('\0', namesAndValues) + "\0\0");
        var message = new byte[(2 * sizeof(int)) + settings.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(sizeof(int)), ProtocolVersion);
        settings.CopyTo(message, 2 * sizeof(int));
        return message;
    }

    public static byte[] Query(string sql)
    {
        var text = Encoding.UTF8.GetBytes(sql + "\0");
        var message = new byte[WireConnection.HeadBytes + text.Length];
        message[0] = (byte)'Q';
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), sizeof(int) + text.Length);
        text.CopyTo(message, WireConnection.HeadBytes);
        return message;
    }
}
