using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Capyd.Postgres.BaseBackups;

/// <summary>Reads the server's backup_manifest as it goes by, which has one file to a line, and compares.</summary>
internal sealed class ManifestComparison(ArrivedFiles arrived) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly MemoryStream _line = new();
    private bool _sealed;

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

    /// <exception cref="BaseBackupFailedException">The manifest has no end, or something differs.</exception>
    public void Complete()
    {
        if (!_sealed)
        {
            arrived.Complain("backup_manifest has no checksum at its end");
        }

        arrived.EnsureAllExpected();
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
            _sealed = true;
            if (!line.Span.IndexOf(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(_hash.GetHashAndReset()))).Equals(22))
            {
                arrived.Complain("backup_manifest does not match its own checksum");
            }

            return;
        }

        _hash.AppendData(line.Span);
        if (line.Span.StartsWith("{ \"Path\""u8) || line.Span.StartsWith("{ \"Encoded-Path\""u8))
        {
            Compare(line.TrimEnd(",\n"u8));
        }
    }

    private void Compare(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var file = document.RootElement;
        var path = file.TryGetProperty("Path", out var plain)
            ? plain.GetString()!
            : Encoding.UTF8.GetString(Convert.FromHexString(file.GetProperty("Encoded-Path").GetString()!));
        var checksum = BinaryPrimitives.ReadUInt32LittleEndian(Convert.FromHexString(file.GetProperty("Checksum").GetString()!));
        arrived.Expect(path, checksum, file.GetProperty("Size").GetInt64());
    }
}
