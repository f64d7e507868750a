using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Capyd.Postgres.Tools;

/// <summary>Asks a program to end. PostgreSQL's tools answer SIGINT by cancelling their work on the server.</summary>
internal static partial class ProcessSignal
{
    public const int SigInt = 2;
    public const int SigKill = 9;
    public const int SigTerm = 15;

    public static void Interrupt(Process process)
    {
        if (!process.HasExited && Kill(process.Id, SigInt) != 0 && !process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>To a process that need not be a child of ours. One that is gone already is no failure.</summary>
    public static void Send(int pid, int signal) => _ = Kill(pid, signal);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);
}
