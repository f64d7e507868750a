using Capyd.OffHost;
using Capyd.Storage.Repository;

namespace Capyd.Wal;

/// <summary>What copying the growing segment works with beside the stream itself.</summary>
internal sealed class GrowingParts(SpoolState state, WalRepository repository, WalReconciliation reconciliation, CapydOptions options)
{
    /// <summary>Told how far the copies reach.</summary>
    public SpoolState State => state;

    /// <summary>Zero is never.</summary>
    public TimeSpan Every { get; } = TimeSpan.FromSeconds(options.S3.GrowingWalSeconds);

    public GrowingSettlement Settlement(GrowingWal wal, IObjectStore bucket) => new(wal, bucket, repository, reconciliation);
}
