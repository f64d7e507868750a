namespace Capyd.Auth.Clerk;

/// <summary>Fetches the key set from where the operator said that it is.</summary>
internal sealed class JwksReader(CapydOptions options) : IDisposable
{
    private const int MostBytes = 256 << 10;

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) })
    {
        Timeout = TimeSpan.FromSeconds(5), MaxResponseContentBufferSize = MostBytes,
    };

    public Task<byte[]> ReadAsync(CancellationToken cancellation) => options.Clerk.JwksFile is { } file
        ? File.ReadAllBytesAsync(file, cancellation)
        : _http.GetByteArrayAsync(options.Clerk.JwksUrl, cancellation);

    public void Dispose() => _http.Dispose();
}
