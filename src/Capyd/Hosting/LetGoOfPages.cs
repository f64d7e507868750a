namespace Capyd.Hosting;

/// <summary>Every half minute, so that what a job or a burst of requests has touched does not stay resident.</summary>
internal sealed class LetGoOfPages : IDueWork
{
    public string Name => "memory";

    public Task TickAsync(CancellationToken stopping)
    {
        ProgramPages.Release();
        return Task.CompletedTask;
    }
}
