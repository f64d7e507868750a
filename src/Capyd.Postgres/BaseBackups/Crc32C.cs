using System.Numerics;
using System.Runtime.InteropServices;

namespace Capyd.Postgres.BaseBackups;

/// <summary>CRC-32C as backup_manifest has it.</summary>
internal struct Crc32C
{
    private uint _state;

    public Crc32C() => _state = uint.MaxValue;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            _state = BitOperations.Crc32C(_state, word);
        }

        foreach (var value in bytes[(words.Length * sizeof(ulong))..])
        {
            _state = BitOperations.Crc32C(_state, value);
        }
    }

    public readonly uint Value => ~_state;
}
