namespace Capyd.Storage.Repository.Chunks;

/// <summary>A pack with damage.</summary>
/// <param name="FooterDamaged">Its list of contents is unreadable; chunks before the damage were still found.</param>
/// <param name="Chunks">The chunks whose bytes are not what their names say.</param>
public sealed record DamagedPack(string Pack, bool FooterDamaged, IReadOnlyList<string> Chunks);
