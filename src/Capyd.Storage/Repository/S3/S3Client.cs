using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Capyd.Storage.Repository.S3;

/// <summary>Signs requests, sends them, and sends them again while that can help.</summary>
internal sealed class S3Client(S3Settings settings, TimeProvider clock) : IDisposable
{
    // Far more than an answer without an object in it ever has.
    private const int LargestText = 4 * 1024 * 1024;

    private readonly S3Address _address = new(settings);
    private readonly HttpClient _http = new(NewHandler(settings)) { Timeout = Timeout.InfiniteTimeSpan };

    public S3Settings Settings => settings;

    public TimeProvider Clock => clock;

    /// <returns>A success, or one of the errors that the request expects.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer, or could not serve, as often as it was asked.</exception>
    /// <exception cref="StoreRefusedException">The store said no.</exception>
    public async Task<S3Answer> SendAsync(S3Request request, CancellationToken ct)
    {
        var attempts = request.Attempts ?? settings.Attempts;
        for (var attempt = 1; ; attempt++)
        {
            var (answer, failure) = await AttemptAsync(request, ct);
            if (answer is not null && !S3Verdict.IsTransient(answer))
            {
                return S3Verdict.IsFine(answer, request) ? answer : throw Refused(answer);
            }

            using (answer)
            {
                if (attempt >= attempts)
                {
                    throw Unavailable(answer?.ToString() ?? Explain(failure!), attempts, failure);
                }
            }

            await WaitAsync(attempt, ct);
        }
    }

    /// <summary>The wait after an attempt that failed, longer after each, and never the same for two clients.</summary>
    public Task WaitAsync(int attempt, CancellationToken ct) =>
        Task.Delay(settings.RetryBase * (1 << Math.Min(attempt - 1, 6)) * (0.5 + Random.Shared.NextDouble()), clock, ct);

    public StoreUnavailableException Unavailable(string reason, int attempts, Exception? inner) => new(
        $"The object store {settings} could not be reached or could not serve, {attempts} times: {reason}. "
        + "Check the network and the store; what was not stored is stored again.",
        inner);

    /// <summary>What became of a connection, in words.</summary>
    public string Explain(Exception failure) => failure is OperationCanceledException
        ? $"nothing moved for {settings.Stall.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s"
        : failure.InnerException?.Message ?? failure.Message;

    public void Dispose() => _http.Dispose();

    private async Task<(S3Answer? Answer, Exception? Failure)> AttemptAsync(S3Request request, CancellationToken ct)
    {
        using var deadline = new ProgressDeadline(settings.Stall, clock, ct);
        try
        {
            return (await ExchangeAsync(request, deadline), null);
        }
        catch (HttpRequestException failure) when (failure.InnerException is AuthenticationException)
        {
            throw new StoreRefusedException(
                "TlsFailed",
                $"The object store {settings} could not prove who it is: {failure.InnerException.Message} "
                + "Give its authority's certificate as ca_file, or mend the certificate.",
                failure);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            ct.ThrowIfCancellationRequested();
            return (null, failure);
        }
        catch (OperationCanceledException stalled) when (!ct.IsCancellationRequested)
        {
            return (null, stalled);
        }
    }

    private async Task<S3Answer> ExchangeAsync(S3Request request, ProgressDeadline deadline)
    {
        using var message = _address.NewMessage(request, deadline, clock.GetUtcNow());
        var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
        try
        {
            deadline.Touch();
            return new S3Answer(response, request.Streamed && response.IsSuccessStatusCode ? "" : await TextAsync(response, deadline));
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    // A store that puts many parts together sends blanks meanwhile, so that one knows it is alive.
    private static async Task<string> TextAsync(HttpResponseMessage response, ProgressDeadline deadline)
    {
        await using var body = await response.Content.ReadAsStreamAsync(deadline.Token);
        using var text = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await body.ReadAsync(buffer, deadline.Token) is > 0 and var count)
        {
            deadline.Touch();
            text.Write(buffer, 0, count);
            if (text.Length > LargestText)
            {
                throw new IOException($"the answer is longer than {LargestText} bytes; is this an S3 store?");
            }
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    private StoreRefusedException Refused(S3Answer answer)
    {
        using (answer)
        {
            return S3Verdict.Refusal(answer, settings, clock.GetUtcNow());
        }
    }

    private static SocketsHttpHandler NewHandler(S3Settings settings)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        };
        if (settings.CaFile is { } file)
        {
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = TrustOnly(file) };
        }

        return handler;
    }

    private static X509ChainPolicy TrustOnly(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(file);
        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new ArgumentException($"S3: {file} holds no certificate in PEM form.");
    }
}
