namespace Capyd.Storage.Repository.Chunks;

/// <summary>A pack that the catalogue knows.</summary>
/// <param name="Size">Bytes of the whole pack.</param>
/// <param name="Damaged">Its footer could not be read; its chunks were found by walking it, as far as that went.</param>
internal sealed record PackRow(long Number, string Name, long Size, bool Damaged);
