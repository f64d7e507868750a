namespace Capyd.Configuration;

/// <summary>One option: the key as the operator types it, what it means, its default as text, and how a value is taken.</summary>
/// <param name="Apply">Puts the value into the options, or returns what is wrong with it.</param>
internal sealed record ConfigurationKey(string Name, string Meaning, Func<CapydOptions, string, string?> Apply)
{
    /// <summary>The environment variable that overrides the file: <c>postgres.port</c> is <c>CAPYD_POSTGRES_PORT</c>.</summary>
    public string EnvironmentName => "CAPYD_" + Name.Replace('.', '_').ToUpperInvariant();
}
