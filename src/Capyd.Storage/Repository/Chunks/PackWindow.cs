namespace Capyd.Storage.Repository.Chunks;

/// <summary>A stretch of a pack that is fetched at once.</summary>
internal sealed record PackWindow(string Pack, long Start, byte[] Bytes)
{
    /// <summary>Ends when the bytes are here, or with the reason why not.</summary>
    public Task Arrived { get; set; } = Task.CompletedTask;
}
