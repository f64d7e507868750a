namespace Capyd.Configuration;

/// <summary>Where the configuration of this run came from, so that it can be read again.</summary>
internal sealed class ConfigurationSource(Func<LoadedConfiguration> read)
{
    public LoadedConfiguration Read() => read();
}
