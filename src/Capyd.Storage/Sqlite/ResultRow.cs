using Capyd.Storage.Ids;
using Microsoft.Data.Sqlite;

namespace Capyd.Storage.Sqlite;

/// <summary>The current row of a query, read by column name.</summary>
internal readonly struct ResultRow(SqliteDataReader reader)
{
    public string Text(string column) => reader.GetString(reader.GetOrdinal(column));

    public string? TextOrNull(string column) => IsNull(column, out var at) ? null : reader.GetString(at);

    public long Integer(string column) => reader.GetInt64(reader.GetOrdinal(column));

    public long? IntegerOrNull(string column) => IsNull(column, out var at) ? null : reader.GetInt64(at);

    public int Int32(string column) => checked((int)Integer(column));

    public int? Int32OrNull(string column) => checked((int?)IntegerOrNull(column));

    public double? RealOrNull(string column) => IsNull(column, out var at) ? null : reader.GetDouble(at);

    public bool Flag(string column) => Integer(column) != 0;

    public byte[] Bytes(string column) => (byte[])reader.GetValue(reader.GetOrdinal(column));

    public byte[]? BytesOrNull(string column) => IsNull(column, out var at) ? null : (byte[])reader.GetValue(at);

    public DateTimeOffset Time(string column) => DateTimeOffset.FromUnixTimeMilliseconds(Integer(column));

    public DateTimeOffset? TimeOrNull(string column) =>
        IntegerOrNull(column) is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    public Id<TKind> Id<TKind>(string column)
        where TKind : IIdKind => Ids.Id<TKind>.Parse(Text(column));

    public Id<TKind>? IdOrNull<TKind>(string column)
        where TKind : IIdKind => TextOrNull(column) is { } text ? Ids.Id<TKind>.Parse(text) : null;

    private bool IsNull(string column, out int ordinal)
    {
        ordinal = reader.GetOrdinal(column);
        return reader.IsDBNull(ordinal);
    }
}
