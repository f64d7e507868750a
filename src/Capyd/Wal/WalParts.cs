namespace Capyd.Wal;

/// <summary>What following WAL writes to, and the clock that it goes by.</summary>
internal sealed record WalParts(WalArchive Archive, WalGaps Gaps, WalState State, SpoolPatience Patience, TimeProvider Clock);
