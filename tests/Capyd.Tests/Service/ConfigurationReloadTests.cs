using System.Collections;
using Capyd.Configuration;
using Capyd.Service;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Capyd.Tests.Service;

public sealed class ConfigurationReloadTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly CapydOptions _live;
    private readonly LogThreshold _threshold = new("info");
    private readonly ConfigurationReload _reload;

    public ConfigurationReloadTests()
    {
        File.WriteAllText(_file, "log_level: info\nplan: {max_previews: 7}\n");
        _live = Load().Options;
        _reload = new ConfigurationReload(
            new ConfigurationSource(Load), _live, _threshold, new ServiceNotifier(null), TimeProvider.System, NullLogger<ConfigurationReload>.Instance);
    }

    [Fact]
    public void What_is_read_late_is_taken_and_the_rest_waits_for_a_restart()
    {
        File.WriteAllText(_file, "log_level: debug\nlisten: http://127.0.0.1:9999\nplan: {max_previews: 8}\n");
        _reload.Reload();
        Assert.Equal(8, _live.Plan.MaxPreviews);
        Assert.True(_threshold.Passes("Capyd.Jobs", LogLevel.Debug));
        Assert.Equal("http://127.0.0.1:2279", _live.Listen);
    }

    [Fact]
    public void What_was_removed_goes_back_to_its_default()
    {
        File.WriteAllText(_file, "log_level: info\n");
        _reload.Reload();
        Assert.Equal(new CapydOptions().Plan.MaxPreviews, _live.Plan.MaxPreviews);
    }

    [Fact]
    public void A_file_with_one_problem_changes_nothing()
    {
        File.WriteAllText(_file, "log_level: debug\nplan: {max_previews: none}\n");
        _reload.Reload();
        Assert.Equal(7, _live.Plan.MaxPreviews);
        Assert.False(_threshold.Passes("Capyd.Jobs", LogLevel.Debug));
    }

    [Fact]
    public void Each_reloadable_option_is_an_option()
    {
        Assert.Empty(ReloadableOptions.All.Keys.Except(ConfigurationKeys.All.Select(key => key.Name)));
    }

    [Fact]
    public void The_framework_is_quiet_below_warnings_at_every_level()
    {
        _threshold.Set("debug");
        Assert.False(_threshold.Passes("Microsoft.AspNetCore.Hosting", LogLevel.Information));
        Assert.True(_threshold.Passes("Microsoft.AspNetCore.Hosting", LogLevel.Warning));
    }

    public void Dispose() => File.Delete(_file);

    private LoadedConfiguration Load() => ConfigurationLoader.Load(new ConfigurationFlags(_file), new Hashtable());
}
