using Capyd.BaseBackups;
using Capyd.Scheduling;
using Capyd.Wal;

namespace Capyd.Retention;

/// <summary>What retention works on.</summary>
internal sealed record RetentionParts(MetadataDatabase Metadata, BaseBackupRepository Repository, WalArchive Wal, ClockGuard Guard);
