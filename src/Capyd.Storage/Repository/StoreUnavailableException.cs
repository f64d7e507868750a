namespace Capyd.Storage.Repository;

/// <summary>The store did not answer, or not whole, although it was asked several times. Worth trying again later.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : IOException(message, inner);
