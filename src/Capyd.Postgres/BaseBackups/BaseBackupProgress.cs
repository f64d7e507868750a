namespace Capyd.Postgres.BaseBackups;

/// <summary>How far a base backup is, in bytes of the server's files.</summary>
/// <param name="EstimatedBytes">The server's estimate from before it began; the real number may differ.</param>
public sealed record BaseBackupProgress(long Bytes, long EstimatedBytes)
{
    /// <summary>0 to 0.99.</summary>
    public double Fraction => EstimatedBytes <= 0 ? 0 : Math.Min(0.99, (double)Bytes / EstimatedBytes);
}
