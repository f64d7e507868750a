using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Capyd.Postgres.BaseBackups;

/// <summary>What arrived, to be compared with what the server says it sent. Small: a file takes 24 bytes.</summary>
internal sealed class ArrivedFiles
{
    private const int ProblemsQuoted = 5;

    private readonly Dictionary<ulong, (uint? Checksum, long Size)> _files = [];
    private readonly List<string> _problems = [];

    public long Files { get; private set; }

    public long Bytes { get; private set; }

    /// <param name="checksum">Null when only the size is to be compared.</param>
    public void Add(string path, uint? checksum, long size)
    {
        Files++;
        Bytes += size;
        _files[Key(path)] = (checksum, size);
    }

    /// <summary>Compares a file of the server's list with what arrived.</summary>
    public void Expect(string path, uint checksum, long size)
    {
        if (!_files.Remove(Key(path), out var arrived))
        {
            _problems.Add($"{path} did not arrive");
        }
        else if (arrived.Size != size || (arrived.Checksum ?? checksum) != checksum)
        {
            _problems.Add($"{path} arrived with {arrived.Size} bytes and checksum {arrived.Checksum:x8} instead of {size} and {checksum:x8}");
        }
    }

    public void Complain(string problem) => _problems.Add(problem);

    /// <exception cref="BaseBackupFailedException">Something is missing, altered or too much.</exception>
    public void EnsureAllExpected()
    {
        if (_files.Count > 0)
        {
            _problems.Add($"{_files.Count} files arrived that backup_manifest does not list");
        }

        if (_problems.Count > 0)
        {
            throw new BaseBackupFailedException(
                $"The base backup is not what the server says it sent: {string.Join("; ", _problems.Take(ProblemsQuoted))}. Take it again.",
                BaseBackupFailure.Altered);
        }
    }

    /// <summary>Stands for a path where many are kept.</summary>
    public static ulong Key(string path)
    {
        Span<byte> digest = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(path), digest);
        return BinaryPrimitives.ReadUInt64LittleEndian(digest);
    }
}
