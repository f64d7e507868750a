using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Capyd.Postgres.BaseBackups;

/// <summary>Reads a backup_manifest as it goes by; it has one file to a line.</summary>
internal sealed class ManifestReading(Action<ManifestFile> take) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly MemoryStream _line = new();
    private bool? _matches;

    /// <summary>What is wrong with the manifest itself; null when it was read to its end and is whole.</summary>
    public string? Problem => _matches switch
    {
        null => "backup_manifest has no checksum at its end",
        false => "backup_manifest does not match its own checksum",
        true => null,
    };

    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf((byte)'\n') is >= 0 and var end)
        {
            _line.Write(bytes[..(end + 1)]);
            bytes = bytes[(end + 1)..];
            Take(_line.GetBuffer().AsMemory(0, (int)_line.Length));
            _line.SetLength(0);
        }

        _line.Write(bytes);
    }

    public void Dispose()
    {
        _hash.Dispose();
        _line.Dispose();
    }

    private void Take(ReadOnlyMemory<byte> line)
    {
        if (line.Span.StartsWith("\"Manifest-Checksum\""u8))
        {
            _matches = line.Span.IndexOf(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(_hash.GetHashAndReset()))) == 22;
            return;
        }

        _hash.AppendData(line.Span);
        if (line.Span.StartsWith("{ \"Path\""u8) || line.Span.StartsWith("{ \"Encoded-Path\""u8))
        {
            take(Parse(line.TrimEnd(",\n"u8)));
        }
    }

    private static ManifestFile Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var file = document.RootElement;
        var path = file.TryGetProperty("Path", out var plain)
            ? plain.GetString()!
            : Encoding.UTF8.GetString(Convert.FromHexString(file.GetProperty("Encoded-Path").GetString()!));
        var checksum = BinaryPrimitives.ReadUInt32LittleEndian(Convert.FromHexString(file.GetProperty("Checksum").GetString()!));
        return new ManifestFile(path, file.GetProperty("Size").GetInt64(), checksum);
    }
}
