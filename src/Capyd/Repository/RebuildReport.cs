using System.Globalization;

namespace Capyd.Repository;

/// <summary>What the metadata lacked, or had too much of.</summary>
/// <param name="WalFiles">Files of WAL that were read and written down.</param>
/// <param name="LostWalFiles">Files that were written down and are not there.</param>
internal sealed record RebuildReport(int BaseBackups, int LostBaseBackups, int WalFiles, int LostWalFiles, IReadOnlyList<string> Unreadable)
{
    /// <summary>Backups of projects that were written down.</summary>
    public int Backups { get; init; }

    /// <summary>Backups of projects that the metadata do not know.</summary>
    public IReadOnlyList<UnclaimedBackup> Unclaimed { get; init; } = [];

    public string Text() => string.Create(
        CultureInfo.InvariantCulture,
        $"the catalogue of pieces was read anew from the packs\nwritten down: {BaseBackups} base backups, {WalFiles} files of WAL, {Backups} backups of projects\nnot there any more: {LostBaseBackups} base backups, {LostWalFiles} files of WAL")
        + string.Concat(Unclaimed.Select(backup => $"\n{backup.Text()}"))
        + string.Concat(Unreadable.Select(problem => $"\ndamaged: {problem}"));
}
