using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Capyd.Storage.LoginSessions;

namespace Capyd.LoginSessions;

/// <summary>The page on which a person authorizes a login. No script, nothing from elsewhere; whatever a machine said is escaped.</summary>
internal static class LoginPage
{
    private const string Style = """
        body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;color:#222;background:#fff}
        dt{font-weight:600}dd{margin:0 0 .6rem}code{background:#eee;padding:.1rem .3rem}
        input,button{font:inherit;padding:.4rem;width:100%;box-sizing:border-box;margin:.3rem 0}.wrong{color:#a00}
        """;

    /// <summary>Allows this page's own style, its form, and nothing else.</summary>
    public static string Policy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /// <summary>Asks; with what was wrong about the last try.</summary>
    public static string Ask(LoginSessionRow row, string? problem, DateTimeOffset now) => Whole("Authorize a login", $"""
        <p>A machine asks for an API key. Authorize it only if you have just begun this login yourself, and the session below is the one that it shows.</p>
        <dl>
        <dt>Session</dt><dd><code>{row.Id}</code></dd>
        <dt>Asked for by</dt><dd>{(row.Source == "agent" ? "an agent" : "the command line")}</dd>
        <dt>Device</dt><dd>{Escape(row.DeviceName ?? "not said")}</dd>
        <dt>Name of the key</dt><dd>{Escape(row.KeyName)}</dd>
        <dt>It may</dt><dd>{Escape(row.Scopes is ["*"] ? "do everything in the organization (*)" : string.Join(", ", row.Scopes))}</dd>
        <dt>It ends</dt><dd>{Time(LoginSession.KeyExpiry(row, now))}</dd>
        <dt>Authorize until</dt><dd>{Time(row.ExpiresAt)}</dd>
        </dl>
        {(problem is null ? "" : $"<p class=\"wrong\">{Escape(problem)}</p>")}
        <h2>With a credential</h2>
        <form method="post" autocomplete="off">
        <label>An organization-wide API key that may make keys, or a session token of an administrator
        <input type="password" name="credential" required maxlength="20000"></label>
        <button type="submit">Authorize</button>
        </form>
        <h2>Or on the host</h2>
        <p><code>capyd login approve {row.Id}</code></p>
        """);

    public static string Done() => Whole("Authorized", "<p>The machine collects its key by itself. You can close this page.</p>");

    public static string Refused(string problem) => Whole("This login cannot be authorized", $"<p class=\"wrong\">{Escape(problem)}</p><p>Begin the login again on the machine.</p>");

    private static string Whole(string title, string body) => $"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>capyd: {title}</title><style>{Style}</style></head>
        <body><h1>{title}</h1>
        {body}
        </body></html>
        """;

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Escape(string text) => HtmlEncoder.Default.Encode(text);
}
