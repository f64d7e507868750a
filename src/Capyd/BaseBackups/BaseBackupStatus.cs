using System.Globalization;
using Capyd.Cluster;
using Capyd.Storage.BaseBackups;
using Capyd.Wal;

namespace Capyd.BaseBackups;

/// <summary>Whether base backups are what a recovery needs, for <c>GET /status</c>. Public, so it names no path and no error text.</summary>
internal sealed class BaseBackupStatus(MetadataDatabase metadata, WalState wal, BaseBackupAge age) : IComponentStatus
{
    public ComponentBody? Component => wal.Enabled ? Of(metadata.Read(Problem)) : null;

    private static ComponentBody Of(string? problem) =>
        new("Base backups", problem is null ? OverallStatus.Operational : OverallStatus.Degraded, problem);

    private string? Problem(MetadataSession session)
    {
        var ended = BaseBackupStore.List(session).FirstOrDefault(row => row.State is "completed" or "failed");
        return (ended, age.Read(session)) switch
        {
            ({ State: "failed" }, _) => "the last base backup failed; GET /v1/base-backups says why",
            ({ VerificationState: "failed" }, _) => "the last base backup was found damaged; GET /v1/base-backups says where",
            (_, { } read) when read.Age > read.Limit => string.Create(
                CultureInfo.InvariantCulture, $"the newest base backup is {read.Age.TotalHours:0} h old; pitr.base_backup_schedule wants one each {(read.Limit - BaseBackupAge.Slack).TotalHours:0} h"),
            _ => null,
        };
    }
}
