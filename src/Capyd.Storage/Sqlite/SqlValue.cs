namespace Capyd.Storage.Sqlite;

/// <summary>A value as the database keeps it: times as unix milliseconds, flags as 0 or 1.</summary>
internal readonly struct SqlValue
{
    private SqlValue(object? value) => Stored = value ?? DBNull.Value;

    public object Stored { get; }

    public static implicit operator SqlValue(string? value) => new(value);

    public static implicit operator SqlValue(byte[]? value) => new(value);

    public static implicit operator SqlValue(long value) => new(value);

    public static implicit operator SqlValue(long? value) => new((object?)value);

    public static implicit operator SqlValue(int value) => new((long)value);

    public static implicit operator SqlValue(int? value) => new((long?)value);

    public static implicit operator SqlValue(double? value) => new((object?)value);

    public static implicit operator SqlValue(bool value) => new(value ? 1L : 0L);

    public static implicit operator SqlValue(DateTimeOffset value) => new(value.ToUnixTimeMilliseconds());

    public static implicit operator SqlValue(DateTimeOffset? value) => new(value?.ToUnixTimeMilliseconds());
}
