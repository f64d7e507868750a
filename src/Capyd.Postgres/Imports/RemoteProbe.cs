using System.Text;
using System.Text.Json;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Dumps;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Imports;

/// <summary>Asks a foreign server what it holds, with a confined psql and fixed SQL.</summary>
public sealed class RemoteProbe(PostgresBinaries binaries, ToolRunner runner, Confinement confinement)
{
    private const int LongestAnswer = 4 * 1024 * 1024;
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    /// <exception cref="RemoteFailedException">The server could not be read.</exception>
    /// <exception cref="ToolMissingException">bwrap or psql is not installed.</exception>
    public async Task<RemoteFacts> ReadAsync(RemoteSource source, TimeSpan connectTimeout, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(connectTimeout + AnswerTimeout, runner.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return RemoteProvider.Facts(Parse(source, await AskAsync(source, connectTimeout, either.Token)));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RemoteFailedException(
                RemoteFailureKind.Unreachable, $"The source {source.Host}:{source.Port} did not answer in time.", RetryClass.Transient);
        }
    }

    private async Task<string> AskAsync(RemoteSource source, TimeSpan connectTimeout, CancellationToken cancellationToken)
    {
        var answer = new MemoryStream();
        var streams = new ToolStreams { Stdout = (output, token) => ReadAsync(source, output, answer, token) };
        var outcome = await runner.RunAsync(Command(source, connectTimeout), streams, cancellationToken);
        return outcome.ExitCode == 0
            ? Encoding.UTF8.GetString(answer.GetBuffer(), 0, (int)answer.Length)
            : throw RemoteFailure.From("read", source, outcome.StderrTail);
    }

    private ToolCommand Command(RemoteSource source, TimeSpan connectTimeout)
    {
        var newest = binaries.Installations.Count > 0
            ? binaries.Installations[^1].PathOf("psql")
            : throw new ToolMissingException("psql is not installed. Install it: apt install postgresql-client");
        string[] arguments =
        [
            "--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--no-password", "--set=ON_ERROR_STOP=1",
            "--command=SET search_path = ''", "--command=SET statement_timeout = '25s'", $"--command={SqlText.Of("remote_facts")}",
        ];
        var command = new ToolCommand(newest, arguments)
        {
            Environment = RemoteSession.Environment(source, connectTimeout),
            Secrets = RemoteSession.Secrets(source),
        };
        return confinement.Wrap(command, RemoteSession.Place);
    }

    private static async Task ReadAsync(RemoteSource source, Stream output, MemoryStream answer, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await output.ReadAsync(buffer, cancellationToken)) > 0)
        {
            answer.Write(buffer, 0, count);
            if (answer.Length > LongestAnswer)
            {
                throw Unusable(source, "its answer is too long");
            }
        }
    }

    private static RemoteAnswer Parse(RemoteSource source, string text)
    {
        try
        {
            var answer = JsonSerializer.Deserialize(text, RemoteAnswerJson.Default.RemoteAnswer);
            return answer is { VersionNumber: > 0 } ? answer : throw Unusable(source, "it did not tell its version");
        }
        catch (JsonException)
        {
            throw Unusable(source, "its answer is not what PostgreSQL would say");
        }
    }

    private static RemoteFailedException Unusable(RemoteSource source, string what) =>
        new(RemoteFailureKind.Unusable, $"The source {source.Host}:{source.Port} cannot be used: {what}.", RetryClass.Permanent);
}
