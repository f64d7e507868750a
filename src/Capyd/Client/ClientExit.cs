using Capyd.Cli;

namespace Capyd.Client;

/// <summary>Exit codes of the public command line (contract A.6).</summary>
internal static class ClientExit
{
    public const int Forbidden = 3;
    public const int Conflict = 5;
    public const int Late = 6;
    public const int Interrupted = 130;

    public static int Of(int status) => status switch
    {
        401 or 403 => Forbidden,
        404 or 410 => ExitCode.Missing,
        409 or 412 or 428 => Conflict,
        408 or 504 => Late,
        _ => ExitCode.Failed,
    };
}
