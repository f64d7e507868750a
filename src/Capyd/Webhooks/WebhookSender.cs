using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Capyd.Network;
using Capyd.Storage.Secrets;
using Capyd.Storage.Webhooks;

namespace Capyd.Webhooks;

/// <summary>
/// Posts one signed body. The host is vetted at each connect and the connection goes to a vetted address, so that a name that
/// changes its mind leads nowhere; redirects are not followed; nothing of the answer but its status is used.
/// </summary>
internal sealed class WebhookSender : IDisposable
{
    private const int LongestError = 300;
    private readonly HttpClient _http;
    private readonly SecretBox _secrets;
    private readonly CapydOptions _options;
    private readonly TimeProvider _clock;

    public WebhookSender(SecretBox secrets, CapydOptions options, TimeProvider clock)
    {
        _secrets = secrets;
        _options = options;
        _clock = clock;
        _http = new HttpClient(Handler()) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Never throws for what the endpoint does or does not do.</summary>
    /// <exception cref="OperationCanceledException">The daemon stops.</exception>
    public async Task<WebhookAnswer> SendAsync(WebhookEndpointRow endpoint, WebhookDeliveryRow delivery, CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(_options.Webhooks.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, limit.Token);
        try
        {
            using var request = Request(endpoint, delivery);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return Judge(response.StatusCode);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return new WebhookAnswer(null, $"no answer within {_options.Webhooks.Timeout.TotalSeconds} s");
        }
        catch (HttpRequestException e)
        {
            return new WebhookAnswer(null, Describe(e));
        }
        catch (SecretUnreadableException)
        {
            return new WebhookAnswer(null, "the signing secret of this endpoint cannot be read; rotate it");
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(WebhookEndpointRow endpoint, WebhookDeliveryRow delivery)
    {
        var body = Encoding.UTF8.GetBytes(delivery.Payload);
        var signature = WebhookSecret.Unseal(_secrets, endpoint.SecretSealed, endpoint.Id).Sign(_clock.GetUtcNow(), body);
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(endpoint.Url)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-CapyDB-Event", delivery.EventType);
        request.Headers.Add("X-CapyDB-Delivery", delivery.Id.ToString());
        request.Headers.Add("X-CapyDB-Signature", signature);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("capydb-webhooks", "1.0"));
        return request;
    }

    private SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        MaxResponseHeadersLength = 32,
        MaxResponseDrainSize = 64 << 10,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
        ConnectCallback = async (context, cancellation) =>
        {
            var host = await VettedHost.ResolveAsync(context.DnsEndPoint.Host, _options.Webhooks.AllowPrivate, cancellation);
            return await host.ConnectAsync(context.DnsEndPoint.Port, cancellation);
        },
    };

    private static WebhookAnswer Judge(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => new WebhookAnswer((int)status, null),
        >= 300 and < 400 => new WebhookAnswer((int)status, $"the endpoint answered {(int)status}, and redirects are not followed"),
        _ => new WebhookAnswer((int)status, $"the endpoint answered {(int)status}"),
    };

    private static string Describe(HttpRequestException e)
    {
        var text = e.InnerException is CapydException refusal ? refusal.Message : e.InnerException?.Message ?? e.Message;
        return text.Length > LongestError ? text[..LongestError] + "…" : text;
    }
}
