namespace Capyd.Storage.Repository;

/// <summary>An object as a listing shows it; <paramref name="Size"/> in bytes.</summary>
public sealed record StoredObject(ObjectName Name, long Size, DateTimeOffset ModifiedAt);
