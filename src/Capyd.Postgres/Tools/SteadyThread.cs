using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Capyd.Postgres.Tools;

/// <summary>A thread that lives as long as capyd. The kernel's "die with the parent" means the thread that forked; threads of
/// the pool end when there is little to do, and would take such programs with them.</summary>
internal static class SteadyThread
{
    private static readonly BlockingCollection<Action> Work = Begin();

    /// <summary>Runs work there and waits for it.</summary>
    public static T Run<T>(Func<T> work)
    {
        using var done = new ManualResetEventSlim();
        T? result = default;
        ExceptionDispatchInfo? fault = null;
        Work.Add(() =>
        {
            try
            {
                result = work();
            }
            catch (Exception e)
            {
                fault = ExceptionDispatchInfo.Capture(e);
            }
            finally
            {
                done.Set();
            }
        });
        done.Wait();
        fault?.Throw();
        return result!;
    }

    private static BlockingCollection<Action> Begin()
    {
        var queue = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var action in queue.GetConsumingEnumerable())
            {
                action();
            }
        })
        { IsBackground = true, Name = "steady parent" }.Start();
        return queue;
    }
}
