using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;

namespace Capyd.Postgres.Queries;

/// <summary>
/// Turns rows into JSON, value by value from the socket, so that one value of a gigabyte costs no memory. Numbers are JSON numbers
/// where a double holds them exactly, else strings; json is JSON; everything else is the server's own text.
/// </summary>
internal sealed class RowJson(IReadOnlyList<string> columns)
{
    /// <summary>Bytes of one value; a longer one is cut and says so.</summary>
    public const int LongestValue = 256 * 1024;

    private const int LongestExactNumber = 15;
    private const long LargestExactInteger = 1L << 53;
    private const int DeepestJson = 64;

    private readonly ArrayBufferWriter<byte> _row = new();
    private readonly byte[] _value = new byte[LongestValue];

    /// <summary>Bytes of one row; there may be 1600 columns.</summary>
    public const int LongestRow = 4 * 1024 * 1024;

    /// <summary>Whether any value was cut.</summary>
    public bool Cut { get; private set; }

    /// <returns>Null when the row is too long.</returns>
    public async Task<byte[]?> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        _row.ResetWrittenCount();
        await using var json = new Utf8JsonWriter(_row, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        json.WriteStartObject();
        for (var i = 0; i < columns.Count; i++)
        {
            json.WritePropertyName(columns[i]);
            await WriteAsync(json, reader, i, cancellationToken);
            if (json.BytesCommitted + json.BytesPending > LongestRow)
            {
                return null;
            }
        }

        json.WriteEndObject();
        await json.FlushAsync(cancellationToken);
        return _row.WrittenSpan.ToArray();
    }

    private async Task WriteAsync(Utf8JsonWriter json, NpgsqlDataReader reader, int column, CancellationToken cancellationToken)
    {
        if (await reader.IsDBNullAsync(column, cancellationToken))
        {
            json.WriteNullValue();
            return;
        }

        await using var stream = await reader.GetStreamAsync(column, cancellationToken);
        var length = await stream.ReadAtLeastAsync(_value, _value.Length, throwOnEndOfStream: false, cancellationToken);
        if (length < _value.Length || stream.ReadByte() < 0)
        {
            Write(json, reader.GetDataTypeOID(column), _value.AsSpan(0, length));
            return;
        }

        Cut = true;
        json.WriteStringValue(Text(_value).TrimEnd('\ufffd') + "… (cut by capyd: the value is longer)");
    }

    /// <summary>By the object ids of the types, which are the same on every server.</summary>
    private static void Write(Utf8JsonWriter json, uint type, ReadOnlySpan<byte> value)
    {
        switch (type)
        {
            case 16:
                json.WriteBooleanValue(value is [(byte)'t', ..]);
                break;
            case 20 or 21 or 23 or 26 when IsExactInteger(value):
            case 700 or 701 when IsNumber(value):
            case 1700 when IsNumber(value) && Digits(value) <= LongestExactNumber:
                json.WriteRawValue(value, skipInputValidation: true);
                break;
            case 114 or 3802 when IsJson(value):
                json.WriteRawValue(value, skipInputValidation: true);
                break;
            default:
                json.WriteStringValue(Text(value));
                break;
        }
    }

    private static string Text(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value);

    private static bool IsExactInteger(ReadOnlySpan<byte> value) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && Math.Abs((decimal)number) <= LargestExactInteger;

    /// <summary>Not NaN, not Infinity, and spelled as JSON wants it.</summary>
    private static bool IsNumber(ReadOnlySpan<byte> value) => value is [.., >= (byte)'0' and <= (byte)'9'] && (value[0] is (byte)'-' || char.IsAsciiDigit((char)value[0])) && IsJson(value);

    private static int Digits(ReadOnlySpan<byte> value)
    {
        var digits = 0;
        foreach (var c in value)
        {
            digits += char.IsAsciiDigit((char)c) ? 1 : 0;
        }

        return digits;
    }

    /// <summary>What a plain JSON reader takes; PostgreSQL allows deeper nesting and stranger escapes.</summary>
    private static bool IsJson(ReadOnlySpan<byte> value)
    {
        var reader = new Utf8JsonReader(value, new JsonReaderOptions { MaxDepth = DeepestJson });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    _ = reader.GetString();
                }
            }

            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
