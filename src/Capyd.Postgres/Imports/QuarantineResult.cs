using Capyd.Postgres.Dumps;

namespace Capyd.Postgres.Imports;

/// <summary>A foreign file, loaded and dumped again by capyd.</summary>
/// <param name="Inventory">Of the snapshot that the archive was made from.</param>
public sealed record QuarantineResult(Inventory Inventory, ImportReport Report);
