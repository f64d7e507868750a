using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Capyd.Storage.Repository.Chunks;

/// <summary>Collects a manifest's entries on disk until the header is known; then writes the whole.</summary>
internal sealed class ManifestSpool(string directory) : IDisposable
{
    private const int CopyBytes = 128 * 1024;

    private readonly SafeFileHandle _file = TemporaryFile.Create(directory);
    private readonly Lock _gate = new();

    public long Entries { get; private set; }

    public long Chunks { get; private set; }

    public long LogicalBytes { get; private set; }

    public long Length { get; private set; }

    public void Append(ManifestEntry entry)
    {
        var bytes = ManifestFormat.Encode(entry);
        lock (_gate)
        {
            RandomAccess.Write(_file, bytes, Length);
            Length += bytes.Length;
            Entries++;
            Chunks += entry.Chunks.Count;
            LogicalBytes += entry.Size;
        }
    }

    public async Task WriteAsync(ManifestHeader header, Stream target, CancellationToken ct)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var lead = Lead(header);
        digest.AppendData(lead);
        await target.WriteAsync(lead, ct);
        var buffer = new byte[CopyBytes];
        for (long at = 0; at < Length;)
        {
            var count = RandomAccess.Read(_file, buffer.AsSpan(0, (int)Math.Min(CopyBytes, Length - at)), at);
            digest.AppendData(buffer, 0, count);
            await target.WriteAsync(buffer.AsMemory(0, count), ct);
            at += count > 0 ? count : throw new IOException("The temporary file of a manifest was cut off.");
        }

        await target.WriteAsync(digest.GetHashAndReset(), ct);
    }

    public void Dispose() => _file.Dispose();

    private static byte[] Lead(ManifestHeader header)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(header, RepositoryJson.Default.ManifestHeader);
        var bytes = new byte[ManifestFormat.LeadSize + json.Length + ManifestFormat.DigestSize];
        var writer = new SpanWriter(bytes);
        ManifestFormat.Magic.CopyTo(writer.Take(ManifestFormat.Magic.Length));
        writer.Int32(json.Length);
        json.CopyTo(writer.Take(json.Length));
        SHA256.HashData(json, writer.Take(ManifestFormat.DigestSize));
        return bytes;
    }
}
