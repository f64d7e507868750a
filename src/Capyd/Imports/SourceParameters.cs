namespace Capyd.Imports;

/// <summary>The query of a source URL. Only what cannot read files, choose another server or change the session is taken.</summary>
internal sealed record SourceParameters(string SslMode, string? ChannelBinding)
{
    public const string DefaultSslMode = "require";
    private static readonly string[] SslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];
    private static readonly string[] ChannelBindings = ["disable", "prefer", "require"];

    /// <summary>Taken and not used: capyd has its own.</summary>
    private static readonly string[] Ignored = ["application_name", "connect_timeout"];

    private static readonly string[] Readers = ["service", "servicefile", "passfile", "sslkey", "sslcert", "sslrootcert", "sslcrl", "sslcrldir", "sslpassword"];

    public static SourceParameters Parse(string query)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = PercentText.Decode(equals < 0 ? pair : pair[..equals]);
            var value = equals < 0 ? null : PercentText.Decode(pair[(equals + 1)..]);
            if (name is null || value is null || !given.TryAdd(name, value))
            {
                throw SourceUrl.Refused("has a parameter that cannot be read, or the same one twice", "write them as NAME=VALUE, joined by &");
            }

            RefuseUnknown(name, value);
        }

        return new SourceParameters(Ssl(given), Word(given, "channel_binding", ChannelBindings));
    }

    private static void RefuseUnknown(string name, string value)
    {
        if (name is "sslmode" or "ssl" or "channel_binding" || Ignored.Contains(name) || (name == "sslrootcert" && value == "system"))
        {
            return;
        }

        if (name is "host" or "hostaddr" or "port" or "user" or "password" or "dbname")
        {
            throw CapydException.Invalid($"host is not allowed: source_url may not say {name} in its query", "put it before the question mark");
        }

        throw SourceUrl.Refused(
            Readers.Contains(name) ? $"may not say {name}: it reads files of this machine" : $"has a parameter that is not taken{Quoted(name)}",
            "sslmode, channel_binding, application_name and connect_timeout are taken");
    }

    /// <summary><c>ssl=true</c> is what other drivers write for <c>require</c>.</summary>
    private static string Ssl(Dictionary<string, string> given)
    {
        var mode = Word(given, "sslmode", SslModes);
        var flag = Word(given, "ssl", ["true", "false"]);
        return mode ?? (flag == "false" ? "disable" : DefaultSslMode);
    }

    private static string? Word(Dictionary<string, string> given, string name, string[] words) =>
        given.GetValueOrDefault(name) is not { } value ? null
        : words.Contains(value, StringComparer.Ordinal) ? value
        : throw SourceUrl.Refused($"has a {name} that is none of {string.Join(", ", words)}");

    /// <summary>Only what looks like a name: anything else may be the end of a password that was not escaped.</summary>
    private static string Quoted(string name) => name.Length <= 30 && name.All(c => char.IsAsciiLetterLower(c) || c == '_') ? $": '{name}'" : "";
}
