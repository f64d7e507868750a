namespace Capyd.Postgres.Dumps;

/// <summary>A definition. Owners and privileges are not part of it.</summary>
/// <param name="Identity">For example "table public.t" or "function public.f(integer)".</param>
/// <param name="Fingerprint">Hex of the definition's digest.</param>
public sealed record InventoryObject(string Identity, string Fingerprint);
