using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Capyd.Postgres.Tools;

/// <summary>Asks a program to end. PostgreSQL's tools answer SIGINT by cancelling their work on the server.</summary>
internal static partial class ProcessSignal
{
    private const int SigInt = 2;

    public static void Interrupt(Process process)
    {
        if (!process.HasExited && Kill(process.Id, SigInt) != 0 && !process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Nothing when the process is gone.</summary>
    public static void Send(int pid, int signal) => _ = Kill(pid, signal);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);
}
