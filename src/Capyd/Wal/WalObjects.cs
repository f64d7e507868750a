using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Storage.Repository;

namespace Capyd.Wal;

/// <summary>How WAL files are called in the repository: <c>wal/SYSTEM/TIMELINE/FIRST 16 DIGITS/NAME.zst</c>, histories <c>wal/SYSTEM/NAME</c>.</summary>
internal static class WalObjects
{
    public const string Root = "wal/";
    private const string Suffix = ".zst";
    private const int GroupLength = 16;

    public static ObjectName Of(SystemIdentifier system, WalFileName file) => ObjectName.Parse(file.Kind == WalFileKind.TimelineHistory
        ? $"{Of(system)}{file}"
        : $"{Of(system, file.Timeline)}{file.Text[..GroupLength]}/{file}{Suffix}");

    public static string Of(SystemIdentifier system) => $"{Root}{system}/";

    public static string Of(SystemIdentifier system, TimelineId timeline) => $"{Of(system)}{timeline.ToHex()}/";

    /// <returns>Null for an object that is no WAL.</returns>
    public static WalFileName? FileOf(ObjectName name, WalSegmentSize size)
    {
        var last = name.ToString()[(name.ToString().LastIndexOf('/') + 1)..];
        return WalFileName.TryParse(last.EndsWith(Suffix, StringComparison.Ordinal) ? last[..^Suffix.Length] : last, size);
    }

    public static bool IsCompressed(ObjectName name) => name.ToString().EndsWith(Suffix, StringComparison.Ordinal);

    /// <returns>Null for an object that is no WAL.</returns>
    public static SystemIdentifier? SystemOf(ObjectName name) =>
        name.ToString().Split('/') is [_, var text, _, ..] && SystemIdentifier.TryParse(text, out var system) ? system : null;
}
