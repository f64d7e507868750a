using Capyd.Postgres.Wal;

namespace Capyd.Repository;

/// <summary>A segment that is there; <paramref name="IsPartial"/> when only its beginning is.</summary>
internal readonly record struct KeptSegment(WalSegmentName Name, bool IsPartial)
{
    public WalFileName File => IsPartial ? WalFileName.PartialOf(Name) : WalFileName.Of(Name);
}
