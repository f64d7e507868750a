namespace Capyd.Storage.Repository.S3;

/// <summary>An object that is there.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">As its writer noted it; null for one that was sent in parts.</param>
internal sealed record S3Found(long Size, string? Sha256);
