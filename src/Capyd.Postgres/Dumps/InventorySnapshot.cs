namespace Capyd.Postgres.Dumps;

/// <summary>Which transactions an inventory saw, so that the same state can be found again in the write-ahead log.</summary>
/// <param name="Transactions">As pg_current_snapshot shows it: xmin:xmax:xip,…</param>
/// <param name="At">By the server's clock, when the snapshot had just been taken.</param>
public sealed record InventorySnapshot(string Transactions, DateTimeOffset At);
