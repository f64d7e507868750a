using Capyd.Postgres.Cluster;
using Capyd.Postgres.Imports;

namespace Capyd.Imports;

/// <summary>Asks a vetted source what it holds, a few sources at a time.</summary>
internal sealed class SourceProbe(ImportEngine engine) : IDisposable
{
    private const int MostAtOnce = 4;

    /// <summary>Contract D.7.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _room = new(MostAtOnce, MostAtOnce);

    /// <exception cref="RemoteFailedException">The source could not be read; no secret in the text.</exception>
    public async Task<RemoteFacts> ReadAsync(VettedSource source, CancellationToken cancellation)
    {
        await _room.WaitAsync(cancellation);
        try
        {
            return await engine.Probe.ReadAsync(Remote(source), ConnectTimeout, cancellation);
        }
        finally
        {
            _room.Release();
        }
    }

    /// <summary>The source as the tools take it: the name for certificates, the vetted address for everything else.</summary>
    public static RemoteSource Remote(VettedSource source) => new(
        source.Url.Host, source.Address, source.Url.Port, source.Url.Database, source.Url.User,
        source.Url.Password is { } password ? new Password(password) : null, source.Url.SslMode)
    {
        ChannelBinding = source.Url.ChannelBinding,
    };

    public void Dispose() => _room.Dispose();
}
