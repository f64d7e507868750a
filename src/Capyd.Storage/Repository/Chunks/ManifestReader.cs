using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Capyd.Storage.Repository.Chunks;

/// <summary>The entries of one backup. Checked when it was opened; while it is open no garbage is collected. Safe for
/// several threads.</summary>
public sealed class ManifestReader : IDisposable
{
    private const int PathAt = 1 + 4 + 8 + 8;

    private readonly SafeFileHandle _file;
    private readonly long _start;
    private readonly RepositoryLock? _readers;
    private readonly Lazy<Dictionary<ulong, long>> _index;

    internal ManifestReader(ManifestHeader header, SafeFileHandle file, long start, RepositoryLock? readers)
    {
        Header = header;
        _file = file;
        _start = start;
        _readers = readers;
        _index = new Lazy<Dictionary<ulong, long>>(BuildIndex);
    }

    public ManifestHeader Header { get; }

    /// <summary>All entries in the order in which they were added.</summary>
    public IEnumerable<ManifestEntry> Entries()
    {
        for (var at = _start; at < End;)
        {
            var bytes = ReadAt(ref at);
            yield return ManifestFormat.Decode(bytes);
        }
    }

    /// <summary>The entry with that path; null when there is none. The first call reads through all entries once.</summary>
    public ManifestEntry? Find(string path)
    {
        if (!_index.Value.TryGetValue(Key(Encoding.UTF8.GetBytes(path)), out var at))
        {
            return null;
        }

        var found = ManifestFormat.Decode(ReadAt(ref at));
        return found.Path == path ? found : null;
    }

    public void Dispose()
    {
        _file.Dispose();
        _readers?.Dispose();
    }

    private long End => _start + Header.EntriesLength;

    // Two paths with one key, which hardly ever happens, make one of them unfindable; its content is then stored by value.
    private Dictionary<ulong, long> BuildIndex()
    {
        var index = new Dictionary<ulong, long>();
        for (var at = _start; at < End;)
        {
            var begin = at;
            var entry = ReadAt(ref at);
            var length = BinaryPrimitives.ReadUInt16LittleEndian(entry.AsSpan(PathAt));
            index.TryAdd(Key(entry.AsSpan(PathAt + 2, length)), begin);
        }

        return index;
    }

    private byte[] ReadAt(ref long at)
    {
        var lead = new byte[4];
        Fill(lead, at);
        var length = BinaryPrimitives.ReadInt32LittleEndian(lead);
        if (length <= 0 || at + 4 + length > End)
        {
            throw new InvalidDataException($"The manifest of backup {Header.Name} has an entry of {length} bytes where none fits.");
        }

        var bytes = new byte[length];
        Fill(bytes, at + 4);
        at += 4 + length;
        return bytes;
    }

    private void Fill(Span<byte> target, long at)
    {
        while (target.Length > 0)
        {
            var count = RandomAccess.Read(_file, target, at);
            at += count > 0 ? count : throw new EndOfStreamException($"The copy of the manifest {Header.Name} was cut off.");
            target = target[count..];
        }
    }

    // FNV-1a: small, and the same in every process.
    private static ulong Key(ReadOnlySpan<byte> path)
    {
        var key = 14695981039346656037;
        foreach (var value in path)
        {
            key = (key ^ value) * 1099511628211;
        }

        return key;
    }
}
