namespace Capyd.Storage.Tests.Repository.Chunks;

internal sealed class KilledException : Exception;
