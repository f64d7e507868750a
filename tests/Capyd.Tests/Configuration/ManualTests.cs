using Capyd.Cli;
using Capyd.Configuration;

namespace Capyd.Tests.Configuration;

public sealed class ManualTests
{
    [Fact]
    public void The_manual_of_the_configuration_has_every_option()
    {
        var page = ConfigurationManual.Format();
        Assert.DoesNotContain(ConfigurationKeys.All, key => !page.Contains($".B {key.Name}\n", StringComparison.Ordinal));
    }

    [Fact]
    public void The_manual_of_the_commands_has_every_command()
    {
        var root = CommandLine.Build();
        var page = CommandManual.Format(root);
        Assert.DoesNotContain(root.Subcommands.Where(command => !command.Hidden), command => !page.Contains($"capyd {Roff.Escape(command.Name)}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(".hidden", "\\&.hidden")]
    [InlineData("a-b\\c", "a\\-b\\ec")]
    public void Text_cannot_become_a_request_of_the_formatter(string text, string escaped) => Assert.Equal(escaped, Roff.Escape(text));
}
