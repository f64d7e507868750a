using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Capyd.Postgres.Queries;

/// <summary>Copies what a server sends, message by message, without those that are too long to be held in memory.</summary>
internal static class BoundedMessages
{
    /// <summary>A description of 1664 columns is shorter.</summary>
    private const int Longest = 256 * 1024;

    private const int HeaderLength = 5;

    /// <exception cref="IOException">What comes is too long and cannot be left out.</exception>
    public static async Task CopyAsync(Stream server, Stream client, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var (filled, left, pass) = (0, 0L, true);
        while (await server.ReadAsync(buffer.AsMemory(filled), cancellationToken) is > 0 and var read)
        {
            filled += read;
            var (at, from) = (0, 0);
            while (at < filled && (left > 0 || filled - at >= HeaderLength))
            {
                if (left == 0)
                {
                    left = 1L + BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(at + 1));
                    pass = buffer[at] == 'D' || left <= Longest;
                    if (!pass)
                    {
                        await client.WriteAsync(buffer.AsMemory(from, at - from), cancellationToken);
                        await client.WriteAsync(InPlaceOf((char)buffer[at], left), cancellationToken);
                    }
                }

                var step = (int)Math.Min(left, filled - at);
                (at, left) = (at + step, left - step);
                from = pass ? from : at;
            }

            await client.WriteAsync(buffer.AsMemory(from, at - from), cancellationToken);
            buffer.AsSpan(at, filled - at).CopyTo(buffer);
            filled -= at;
        }
    }

    /// <summary>Nothing for a notice; for an error one that says how long it was.</summary>
    private static byte[] InPlaceOf(char type, long length) => type switch
    {
        'N' => [],
        'E' => Error(string.Create(CultureInfo.InvariantCulture, $"an error of {length} bytes, which is too long to be shown")),
        _ => throw new IOException($"The server sent a message '{type}' of {length} bytes."),
    };

    /// <summary>program_limit_exceeded</summary>
    private static byte[] Error(string message)
    {
        var fields = Encoding.UTF8.GetBytes($"SERROR\0VERROR\0C54000\0M{message}\0\0");
        var whole = new byte[HeaderLength + fields.Length];
        whole[0] = (byte)'E';
        BinaryPrimitives.WriteInt32BigEndian(whole.AsSpan(1), whole.Length - 1);
        fields.CopyTo(whole, HeaderLength);
        return whole;
    }
}
