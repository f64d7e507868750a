namespace Capyd.Postgres.Dumps;

/// <summary>An object that an ordinary role cannot make.</summary>
/// <param name="Type">For example "event trigger".</param>
/// <param name="Name">Of publications bare, of foreign tables quoted where needed, as an archive's contents have it; else null.</param>
/// <param name="Schema">Of foreign tables, bare; else null.</param>
public sealed record InventorySkipped(string Type, string Identity, string? Name = null, string? Schema = null);
