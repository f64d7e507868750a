using System.Text;
using Capyd.Postgres.Tools;

namespace Capyd.Repository;

/// <summary>What <c>capyd recover</c> tells when it has succeeded.</summary>
/// <param name="LastCommitAt">Of the last transaction that was replayed; null when there was none to replay.</param>
/// <param name="WrittenFiles">Configuration files that were made anew.</param>
internal sealed record RecoverReport(
    string Target, string BaseBackup, string FollowedTimeline, DateTimeOffset? LastCommitAt, string? LastLsn, string? Note, IReadOnlyList<string> WrittenFiles,
    string? Metadata, DateTimeOffset? MetadataAsOf)
{
    public string Text(RecoverSettings settings, PostgresInstallation installation)
    {
        var text = new StringBuilder($"recovered: {Target}\n");
        text.AppendLine($"  from base backup  {BaseBackup}");
        text.AppendLine($"  last commit       {(LastCommitAt is { } at ? RecoverPlanner.Text(at) : "none after the base backup")}");
        if (Note is not null)
        {
            text.AppendLine($"  note              {Note}");
        }

        if (WrittenFiles.Count > 0)
        {
            text.AppendLine($"  written anew      {string.Join(", ", WrittenFiles)}: look through them before clients are let in");
        }

        text.AppendLine(Metadata is null
            ? settings.DataDir is null ? "  capyd's metadata  left in the repository; --data-dir puts them back" : "  capyd's metadata  no copy is in the repository; start capyd with --config or --data-dir on this repository and run: capyd repository rebuild-catalogue"
            : $"  capyd's metadata  {Metadata}, as of {MetadataAsOf:yyyy-MM-dd'T'HH:mm:ss'Z'}");
        var user = settings.ToolUser is { } owner ? $"runuser -u {owner} -- " : "";
        return text.Append($"start it:           {user}{installation.PathOf("pg_ctl")} -D {Target} -l {Target}.log start").ToString();
    }
}
