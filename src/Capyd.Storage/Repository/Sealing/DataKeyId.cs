using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Capyd.Storage.Repository.Sealing;

/// <summary>Names a data key; 16 lower-case hex digits.</summary>
public readonly record struct DataKeyId : IComparable<DataKeyId>
{
    internal const int Size = 8;

    private readonly ulong _value;

    internal DataKeyId(ReadOnlySpan<byte> bytes) => _value = BinaryPrimitives.ReadUInt64BigEndian(bytes);

    private DataKeyId(ulong value) => _value = value;

    internal static DataKeyId New() => new(RandomNumberGenerator.GetBytes(Size));

    public static bool TryParse(string? text, out DataKeyId id)
    {
        var good = ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && text.Length == 2 * Size;
        id = new DataKeyId(value);
        return good;
    }

    internal void CopyTo(Span<byte> target) => BinaryPrimitives.WriteUInt64BigEndian(target, _value);

    public int CompareTo(DataKeyId other) => _value.CompareTo(other._value);

    public static bool operator <(DataKeyId left, DataKeyId right) => left.CompareTo(right) < 0;

    public static bool operator >(DataKeyId left, DataKeyId right) => left.CompareTo(right) > 0;

    public static bool operator <=(DataKeyId left, DataKeyId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(DataKeyId left, DataKeyId right) => left.CompareTo(right) >= 0;

    public override string ToString() => _value.ToString("x16", CultureInfo.InvariantCulture);
}
