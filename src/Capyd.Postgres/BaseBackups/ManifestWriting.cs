using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.BaseBackups;

/// <summary>Writes a backup_manifest as the server does, for pg_verifybackup and for capyd's own comparison. Until then a file takes some
/// fifty bytes. Safe for several threads.</summary>
internal sealed class ManifestWriting : IDisposable
{
    public const string File = "backup_manifest";

    private const int FirstVersionWithIdentifier = 170000;

    private readonly MemoryStream _records = new();
    private readonly BinaryWriter _writer;

    public ManifestWriting() => _writer = new BinaryWriter(_records);

    public long Files { get; private set; }

    public long Bytes { get; private set; }

    public void Add(string path, long size, long modifiedAt, uint checksum)
    {
        lock (_writer)
        {
            _writer.Write(path);
            _writer.Write(size);
            _writer.Write(modifiedAt);
            _writer.Write(checksum);
            Files++;
            Bytes += size;
        }
    }

    /// <summary>All of it, part by part.</summary>
    public IEnumerable<byte[]> Parts(BaseBackupStart start, Lsn stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in Texts(start, stop))
        {
            var part = Encoding.UTF8.GetBytes(text);
            hash.AppendData(part);
            yield return part;
        }

        yield return Encoding.ASCII.GetBytes($"\"Manifest-Checksum\": \"{Convert.ToHexStringLower(hash.GetHashAndReset())}\"}}\n");
    }

    public void Dispose() => _writer.Dispose();

    private IEnumerable<string> Texts(BaseBackupStart start, Lsn stop)
    {
        yield return start.ServerVersion >= FirstVersionWithIdentifier
            ? $"{{ \"PostgreSQL-Backup-Manifest-Version\": 2,\n\"System-Identifier\": {start.SystemIdentifier},\n\"Files\": ["
            : "{ \"PostgreSQL-Backup-Manifest-Version\": 1,\n\"Files\": [";
        _writer.Flush();
        _records.Position = 0;
        using var reader = new BinaryReader(_records, Encoding.UTF8, leaveOpen: true);
        for (long at = 0; at < Files; at++)
        {
            yield return (at == 0 ? "\n" : ",\n") + Line(reader);
        }

        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"\n],\n\"WAL-Ranges\": [\n{{ \"Timeline\": {start.Timeline.Value}, \"Start-LSN\": \"{start.StartLsn}\", \"End-LSN\": \"{stop}\" }}\n],\n");
    }

    private static string Line(BinaryReader reader)
    {
        var path = reader.ReadString().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        var size = reader.ReadInt64();
        var modified = DateTimeOffset.FromUnixTimeSeconds(reader.ReadInt64());
        var checksum = BinaryPrimitives.ReverseEndianness(reader.ReadUInt32());
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{{ \"Path\": \"{path}\", \"Size\": {size}, \"Last-Modified\": \"{modified:yyyy-MM-dd HH:mm:ss} GMT\", \"Checksum-Algorithm\": \"CRC32C\", \"Checksum\": \"{checksum:x8}\" }}");
    }
}
