using System.Runtime.InteropServices;

namespace Capyd.Hosting;

/// <summary>
/// Named places where a test makes the daemon die as by <c>kill -9</c>, to see what is left behind and what repairs it.
/// Armed by <c>CAPYD_FAULT_POINT=name</c> in the daemon's own environment; without it a point does nothing.
/// </summary>
internal static partial class FaultPoint
{
    private const int SigKill = 9;
    private static readonly string? Wedged = Environment.GetEnvironmentVariable("CAPYD_FAULT_WEDGE");
    private static readonly string? Armed = Environment.GetEnvironmentVariable("CAPYD_FAULT_POINT");

    /// <summary>Ends the process at once when this point is the armed one.</summary>
    public static void Reach(string name)
    {
        if (Armed == name)
        {
            _ = Kill(Environment.ProcessId, SigKill);
        }
    }

    /// <summary>Never ends when the environment's <c>CAPYD_FAULT_WEDGE</c> names this loop, as a loop that hangs would.</summary>
    public static Task WedgeAsync(string loop) => Wedged == loop ? Task.Delay(Timeout.InfiniteTimeSpan) : Task.CompletedTask;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
