using Capyd.Postgres.Cluster;

namespace Capyd.Recovery;

/// <summary>Which moments can be restored.</summary>
/// <param name="Earliest">Null when none can, and then <paramref name="Reason"/> says why.</param>
/// <param name="Latest">Of the newest commit that was received.</param>
/// <param name="Spans">The pieces between which moments are missing, oldest first.</param>
/// <param name="Rpo">How much could be lost if the server vanished now; null when it is not known.</param>
/// <param name="BaseBackups">How many can be recovered from.</param>
/// <param name="Reason">Why nothing can be restored, or why nothing new is received.</param>
internal sealed record RecoveryWindow(
    DateTimeOffset? Earliest, DateTimeOffset? Latest, IReadOnlyList<RecoverySpan> Spans, TimeSpan? Rpo, int BaseBackups, string? Reason)
{
    /// <summary>The pieces in between that cannot be restored.</summary>
    public IEnumerable<RecoveryGap> Gaps => Spans.Zip(Spans.Skip(1), (left, right) => new RecoveryGap(left.To, right.From, left.End, left.Reason));

    /// <summary>What is left of it for something that was made at a moment.</summary>
    public RecoveryWindow Since(DateTimeOffset made)
    {
        var left = Spans.Where(span => span.To >= made).Select(span => span.From < made ? span with { From = made } : span).ToList();
        return left is [var first, ..] ? this with { Earliest = first.From, Spans = left }
            : Spans.Count == 0 ? this
            : this with { Earliest = null, Latest = null, Spans = [], Reason = Reason ?? "nothing that was committed since it was made has been received yet" };
    }

    public bool Contains(DateTimeOffset at) => Spans.Any(span => span.From <= at && at <= span.To);
}

/// <summary>Moments that can be restored without a gap.</summary>
/// <param name="Start">Where its kept WAL begins.</param>
/// <param name="End">Where that ends.</param>
/// <param name="Reason">Why it ends, where that is known.</param>
internal sealed record RecoverySpan(DateTimeOffset From, DateTimeOffset To, Lsn Start, Lsn End, string? Reason);

/// <summary>Moments that cannot be restored.</summary>
internal sealed record RecoveryGap(DateTimeOffset From, DateTimeOffset To, Lsn FromLsn, string? Reason);
