namespace Capyd.Storage.Repository.Sealing;

/// <summary>What may be said of a data key.</summary>
/// <param name="IsCurrent">Whether what is written now is sealed under it.</param>
public sealed record DataKeyInfo(DataKeyId Id, DateTimeOffset CreatedAt, bool IsCurrent);
