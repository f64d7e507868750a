using Capyd.Jobs;

namespace Capyd.Hosting;

/// <summary>Every half minute, so that what a job or a burst of requests has touched does not stay resident.</summary>
internal sealed class LetGoOfPages(JobRunner jobs) : IDueWork
{
    public string Name => "memory";

    public Task TickAsync(CancellationToken stopping)
    {
        if (jobs.IsIdle)
        {
            MemoryHabits.GiveBack();
        }
        else
        {
            FilePages.Release();
        }

        return Task.CompletedTask;
    }
}
