using Capyd.Network;

namespace Capyd.Webhooks;

/// <summary>Where events may be sent: https to a public host, unless the configuration allows private ones (contract D.13).</summary>
internal static class WebhookUrl
{
    private const int Longest = 2000;
    private static readonly TimeSpan ResolveTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Checks the text and vets the host. The host is vetted again at each connect.</summary>
    /// <returns>The URL as it was typed.</returns>
    public static async Task<string> VetAsync(string? text, bool allowPrivate, CancellationToken cancellation)
    {
        var url = Parse(text, allowPrivate);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(ResolveTimeout);
        try
        {
            await VettedHost.ResolveAsync(url.IdnHost, allowPrivate, timeout.Token);
            return text!;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw CapydException.Invalid($"url: the name of its host was not answered within {ResolveTimeout.TotalSeconds} s", "try again, or check the name");
        }
        catch (CapydException e)
        {
            throw CapydException.Invalid($"url: {e.Message}", e.Hint);
        }
    }

    /// <summary>What can be said without asking for the host's addresses.</summary>
    public static Uri Parse(string? text, bool allowPrivate)
    {
        if (string.IsNullOrEmpty(text) || text.Length > Longest || text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) || !Uri.TryCreate(text, UriKind.Absolute, out var url))
        {
            throw CapydException.Invalid($"url: wants an address such as https://example.com/hooks/capyd, of at most {Longest} characters");
        }

        if (url.Scheme != Uri.UriSchemeHttps && !(allowPrivate && url.Scheme == Uri.UriSchemeHttp))
        {
            throw CapydException.Invalid("url: has to be https", "events are signed, not encrypted; only TLS hides them");
        }

        if (url.UserInfo.Length > 0 || url.Fragment.Length > 0 || url.Host.Length == 0)
        {
            throw CapydException.Invalid("url: takes neither a user name nor a fragment", "tell capyd's calls by their signature; the path may hold a secret of yours");
        }

        return url;
    }
}
