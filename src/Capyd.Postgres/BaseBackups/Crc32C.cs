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
        // Not in the field: there every step would wait for the store of the one before.
        var state = _state;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            state = BitOperations.Crc32C(state, word);
        }

        foreach (var value in bytes[(words.Length * sizeof(ulong))..])
        {
            state = BitOperations.Crc32C(state, value);
        }

        _state = state;
    }

    public readonly uint Value => ~_state;
}
