namespace Capyd.Storage.Repository.Chunks;

/// <summary>Somebody else holds the repository; the message says who.</summary>
public sealed class RepositoryBusyException(string message) : Exception(message);
