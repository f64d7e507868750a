using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Capyd.SystemTests.Hostile;

/// <summary>A request exactly as its bytes stand, with no client in between that would mend it.</summary>
internal static class RawRequest
{
    /// <summary>Sends it and reads to the end of the connection; null when the server closed without a status.</summary>
    public static async Task<Reply?> SendAsync(Uri address, string head, byte[] body)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(head), deadline.Token);
            await stream.WriteAsync(body, deadline.Token);
        }
        catch (IOException)
        {
            // It refused before it had read everything; its answer is still there.
        }

        return Parse(await ReadAsync(stream, deadline.Token));
    }

    private static async Task<byte[]> ReadAsync(NetworkStream stream, CancellationToken deadline)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[16384];
        try
        {
            while (await stream.ReadAsync(buffer, deadline) is > 0 and var read)
            {
                bytes.Write(buffer, 0, read);
            }
        }
        catch (IOException)
        {
            // A reset after a refusal; what came before it counts.
        }

        return bytes.ToArray();
    }

    private static Reply? Parse(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        var lines = text[..end].Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).GroupBy(pair => pair[0], StringComparer.OrdinalIgnoreCase).ToDictionary(group => group.Key, group => group.First()[^1], StringComparer.OrdinalIgnoreCase);
        var body = text[(end + 4)..];
        return new Reply(
            int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), headers.GetValueOrDefault("Transfer-Encoding") == "chunked" ? Dechunk(body) : body, headers);
    }

    private static string Dechunk(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var whole = new MemoryStream();
        for (var at = 0; at < bytes.Length;)
        {
            var line = Array.IndexOf(bytes, (byte)'\n', at);
            var size = line < 0 ? 0 : int.Parse(Encoding.ASCII.GetString(bytes, at, line - at).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                break;
            }

            whole.Write(bytes, line + 1, size);
            at = line + 1 + size + 2;
        }

        return Encoding.UTF8.GetString(whole.ToArray());
    }
}
