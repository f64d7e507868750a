namespace Capyd.Postgres.Cluster;

/// <summary>What a swap found to do.</summary>
public enum SwapResult
{
    Swapped,
    AlreadySwapped,
}
