using System.Text;

namespace Capyd.Postgres.Cluster;

/// <summary>The rule that database and role names share: 1 to 63 bytes of UTF-8 without NUL.</summary>
internal static class ServerName
{
    public const int MaxBytes = 63;

    public static bool IsValid(string? text) =>
        text is { Length: > 0 } && !text.Contains('\0', StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(text) <= MaxBytes;

    public static FormatException Refuse(string kind, string? text) =>
        new($"\"{text}\" is no {kind} name: PostgreSQL takes 1 to {MaxBytes} bytes without NUL.");
}
