namespace Capyd.Postgres.BaseBackups;

/// <summary>Reads a backup_manifest as it goes by, and compares.</summary>
internal sealed class ManifestComparison(ArrivedFiles arrived) : IDisposable
{
    private readonly ManifestReading _reading = new(file => arrived.Expect(file.Path, file.Checksum, file.Size));

    public void Add(ReadOnlySpan<byte> bytes) => _reading.Add(bytes);

    /// <exception cref="BaseBackupFailedException">The manifest has no end, or something differs.</exception>
    public void Complete()
    {
        if (_reading.Problem is { } problem)
        {
            arrived.Complain(problem);
        }

        arrived.EnsureAllExpected();
    }

    public void Dispose() => _reading.Dispose();
}
