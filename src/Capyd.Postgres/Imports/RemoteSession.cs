using System.Globalization;

namespace Capyd.Postgres.Imports;

/// <summary>How confined tools log in to a foreign server: everything through the environment, nothing in arguments.</summary>
internal static class RemoteSession
{
    private static readonly string[] Bundles =
        ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem"];

    public static ConfinedPlace Place => new() { Network = true };

    public static IReadOnlyList<string> Secrets(RemoteSource source) => source.Password is { } password ? [password.Value] : [];

    public static Dictionary<string, string> Environment(RemoteSource source, TimeSpan connectTimeout)
    {
        var environment = new Dictionary<string, string>
        {
            ["PGHOST"] = source.Host,
            ["PGHOSTADDR"] = source.Address.ToString(),
            ["PGPORT"] = source.Port.ToString(CultureInfo.InvariantCulture),
            ["PGDATABASE"] = source.Database,
            ["PGUSER"] = source.User,
            ["PGAPPNAME"] = source.ApplicationName,
            ["PGSSLMODE"] = source.SslMode,
            ["PGGSSENCMODE"] = "disable",
            ["PGCLIENTENCODING"] = "UTF8",
            ["PGPASSFILE"] = "/dev/null",
            ["PGCONNECT_TIMEOUT"] = Math.Max(2, (int)connectTimeout.TotalSeconds).ToString(CultureInfo.InvariantCulture),
        };
        Add(environment, "PGPASSWORD", source.Password?.Value);
        Add(environment, "PGCHANNELBINDING", source.ChannelBinding);
        Add(environment, "PGSSLROOTCERT", source.SslMode.StartsWith("verify", StringComparison.Ordinal) ? Array.Find(Bundles, File.Exists) : null);
        return environment;
    }

    private static void Add(Dictionary<string, string> environment, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            environment[name] = value;
        }
    }
}
