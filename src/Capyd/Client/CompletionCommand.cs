using System.CommandLine;

namespace Capyd.Client;

/// <summary><c>capyd completion bash|zsh|fish</c>: a script that asks the binary itself, so it fits every version.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # capyd completion bash > /etc/bash_completion.d/capyd
        _capyd() {
            local IFS=$'\n'
            local found
            found=$("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
            COMPREPLY=($(compgen -W "${found}" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _capyd capyd

        """;

    private const string Zsh = """
        #compdef capyd
        # capyd completion zsh > "${fpath[1]}/_capyd"
        _capyd() {
            local -a found
            found=("${(@f)$("${words[1]}" "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -a found
        }
        compdef _capyd capyd

        """;

    private const string Fish = """
        # capyd completion fish > ~/.config/fish/completions/capyd.fish
        complete -c capyd -f -a '(set -l line (commandline -cp); capyd "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)'

        """;

    public static Command Build()
    {
        var command = new Command("completion", "Print the completion script of a shell.");
        foreach (var (shell, script) in new[] { ("bash", Bash), ("zsh", Zsh), ("fish", Fish) })
        {
            var one = new Command(shell, $"For {shell}.");
            one.SetAction(_ => Console.Out.Write(script));
            command.Subcommands.Add(one);
        }

        return command;
    }
}
