using System.Globalization;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Imports;

/// <summary>Fetches a database from a foreign server into a custom-format archive, with a confined pg_dump.</summary>
public sealed class RemoteDump(PostgresBinaries binaries, ToolRunner runner, Confinement confinement)
{
    private const int BufferSize = 256 * 1024;
    private const long Step = 4 * 1024 * 1024;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

    /// <returns>The size of the archive in bytes.</returns>
    /// <exception cref="RemoteFailedException">The server could not be read, or its dump is too large.</exception>
    /// <exception cref="ToolMissingException">bwrap, or a pg_dump for this server, is not installed.</exception>
    public async Task<long> FetchAsync(RemoteSource source, RemoteDumpRequest request, CancellationToken cancellationToken)
    {
        var size = 0L;
        var streams = new ToolStreams
        {
            Stdout = async (pipe, token) =>
            {
                await using var file = new FileStream(request.File, FileMode.Create, FileAccess.Write, FileShare.None, 1, useAsync: true);
                size = await CopyAsync(pipe, file, request, token);
                file.Flush(flushToDisk: true);
            },
        };
        var outcome = await runner.RunAsync(Command(source, request), streams, cancellationToken);
        return outcome.ExitCode == 0 ? size : throw RemoteFailure.From("dump", source, outcome.StderrTail);
    }

    private static async Task<long> CopyAsync(Stream pipe, FileStream file, RemoteDumpRequest request, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        var (size, told) = (0L, 0L);
        int count;
        while ((count = await pipe.ReadAsync(buffer, cancellationToken)) > 0)
        {
            size += count;
            if (size > request.MaxBytes)
            {
                throw new RemoteFailedException(
                    RemoteFailureKind.TooLarge,
                    string.Create(CultureInfo.InvariantCulture, $"The source's dump is larger than the limit of {request.MaxBytes} bytes."),
                    RetryClass.Permanent);
            }

            await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            if (size - told >= Step)
            {
                request.Progress?.Invoke(told = size);
            }
        }

        request.Progress?.Invoke(size);
        return size;
    }

    private ToolCommand Command(RemoteSource source, RemoteDumpRequest request)
    {
        var excluded = request.ExcludedSchemas.Select(static s => $"--exclude-schema={Pattern(s)}");
        var command = new ToolCommand(
            binaries.ForServer(request.ServerMajor).PathOf("pg_dump"),
            [
                "--format=custom", "--compress=1", "--no-privileges", "--no-security-labels", "--no-tablespaces",
                "--lock-wait-timeout=60s", "--no-password", .. excluded,
            ])
        {
            Environment = RemoteSession.Environment(source, ConnectTimeout),
            Secrets = RemoteSession.Secrets(source),
        };
        return confinement.Wrap(command, RemoteSession.Place);
    }

    /// <summary>In quotes a name stands for itself only.</summary>
    private static string Pattern(string schema) => $"\"{schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
