namespace Capyd.Cli;

/// <summary>What a command tells its caller, as the contract has it for the public command line (A.6).</summary>
internal static class ExitCode
{
    public const int Good = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Missing = 4;
}
