namespace Capyd.Hosting;

/// <summary>Something that the clock makes due. Asked every half minute; it looks itself whether anything is to be done.</summary>
internal interface IDueWork
{
    /// <summary>What it looks after, for the log: <c>backup schedules</c>.</summary>
    string Name { get; }

    Task TickAsync(CancellationToken stopping);
}
