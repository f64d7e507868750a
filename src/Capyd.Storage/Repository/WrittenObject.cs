namespace Capyd.Storage.Repository;

/// <summary>What was stored; <paramref name="Size"/> in bytes, <paramref name="Sha256"/> as 64 lower-case hex digits.</summary>
public sealed record WrittenObject(ObjectName Name, long Size, string Sha256);
