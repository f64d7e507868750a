using System.Globalization;
using System.Text;

namespace Capyd.Repository;

/// <summary>What a check of the repository found, in words of what can be restored and recovered.</summary>
/// <param name="ReadData">Whether every byte was read, or only what lists and sizes say.</param>
internal sealed record CheckReport(bool ReadData, CheckCounts Checked)
{
    /// <summary>Base backups that cannot be used.</summary>
    public List<CheckFinding> BaseBackups { get; init; } = [];

    /// <summary>Files of WAL that are missing or damaged.</summary>
    public List<CheckFinding> Wal { get; init; } = [];

    /// <summary>Backups of single databases that cannot be restored.</summary>
    public List<CheckFinding> Backups { get; init; } = [];

    /// <summary>Copies of capyd's metadata that are damaged.</summary>
    public List<CheckFinding> Metadata { get; init; } = [];

    public List<CheckSpan> Reachable { get; init; } = [];

    /// <summary>Moments that should be there and cannot be recovered, and why.</summary>
    public List<CheckSpan> Unreachable { get; init; } = [];

    public bool Sound => BaseBackups.Count + Wal.Count + Backups.Count + Metadata.Count == 0;

    public string Text()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"checked {(ReadData ? "every byte of" : "the lists of")} {Checked.BaseBackups} base backups in {Checked.Packs} packs, {Checked.WalFiles} files of WAL, {Checked.Backups} backups, {Checked.MetadataCopies} copies of the metadata");
        Append(text, "base backup", BaseBackups);
        Append(text, "WAL", Wal);
        Append(text, "backup", Backups);
        Append(text, "copy of the metadata", Metadata);
        foreach (var span in Reachable)
        {
            text.AppendLine($"can be recovered:    {RecoverPlanner.Text(span.From)} to {RecoverPlanner.Text(span.To)}");
        }

        foreach (var span in Unreachable)
        {
            text.AppendLine($"cannot be recovered: {RecoverPlanner.Text(span.From)} to {RecoverPlanner.Text(span.To)}: {span.Reason}");
        }

        return text.Append(Sound ? "the repository is sound" : "the repository is damaged").ToString();
    }

    private static void Append(StringBuilder text, string what, List<CheckFinding> findings)
    {
        foreach (var finding in findings)
        {
            text.AppendLine($"damaged {what}: {finding.Name}{(finding.AsOf is { } at ? $", of {RecoverPlanner.Text(at)}" : "")}: {finding.Problem}");
        }
    }
}

/// <param name="AsOf">The moment that it is of; null when that cannot be told.</param>
internal sealed record CheckFinding(string Name, string Problem, DateTimeOffset? AsOf = null);

/// <param name="Server">The server's system identifier.</param>
/// <param name="Reason">Null for what can be reached.</param>
internal sealed record CheckSpan(string Server, DateTimeOffset From, DateTimeOffset To, string? Reason = null);

internal sealed record CheckCounts(int BaseBackups, int Packs, int WalFiles, int Backups, int MetadataCopies);
