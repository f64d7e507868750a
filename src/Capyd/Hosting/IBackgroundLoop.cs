namespace Capyd.Hosting;

/// <summary>Something that works beside the requests for as long as the daemon runs, such as a supervised child.</summary>
internal interface IBackgroundLoop
{
    /// <summary>Returns when <paramref name="stopping"/> is cancelled and what it started is stopped; an exception ends the daemon.</summary>
    Task RunAsync(CancellationToken stopping);
}
