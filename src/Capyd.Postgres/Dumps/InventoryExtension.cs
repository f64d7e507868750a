namespace Capyd.Postgres.Dumps;

/// <summary>An extension as it was installed.</summary>
public sealed record InventoryExtension(string Name, string Version, string Schema);
