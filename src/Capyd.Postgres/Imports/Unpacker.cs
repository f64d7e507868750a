using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Imports;

/// <summary>Decompresses a foreign file with a confined gzip or zstd, up to a limit.</summary>
internal sealed class Unpacker(ToolRunner runner, Confinement confinement)
{
    private const int BufferSize = 256 * 1024;

    /// <summary>What an ordinary zstd -19 needs many times over; only --ultra and --long ask for more.</summary>
    private const string ZstdMemory = "--memory=256MB";

    /// <returns>The unpacked size.</returns>
    /// <exception cref="ImportRefusedException">The data is damaged, cut off or larger than the limit.</exception>
    public async Task<long> UnpackAsync(ImportKind kind, string file, string target, QuarantineRequest request, CancellationToken cancellationToken)
    {
        var command = confinement.Wrap(Command(kind), new ConfinedPlace());
        var written = 0L;
        await using var input = QuarantineInput.Open(file);
        var length = Math.Max(1, input.Length);
        var streams = new ToolStreams
        {
            Stdin = (pipe, token) => input.CopyToAsync(pipe, BufferSize, token),
            Stdout = async (pipe, token) =>
            {
                await using var output = QuarantineFiles.Create(target);
                written = await CopyAsync(pipe, output, request, () => (double)input.Position / length, token);
            },
        };
        var outcome = await runner.RunAsync(command, streams, cancellationToken);
        return outcome.ExitCode == 0
            ? written
            : throw new ImportRefusedException($"The {Name(kind)} data is damaged or cut off: {LatinText.Flat(outcome.StderrTail)}. Pack or upload it again.");
    }

    private static async Task<long> CopyAsync(
        Stream pipe, FileStream output, QuarantineRequest request, Func<double> fraction, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        var written = 0L;
        int count;
        while ((count = await pipe.ReadAsync(buffer, cancellationToken)) > 0)
        {
            written += count;
            QuarantineInput.RefuseAbove(written, request.Limits);
            await output.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            request.Progress?.Invoke(new ImportProgress(ImportPhase.Unpack, Math.Min(1, fraction()), written, 0));
        }

        return written;
    }

    private static ToolCommand Command(ImportKind kind)
    {
        var command = kind == ImportKind.Gzip
            ? new ToolCommand("/usr/bin/gzip", ["--decompress", "--stdout"])
            : new ToolCommand("/usr/bin/zstd", ["--decompress", "--stdout", "--quiet", ZstdMemory]);
        return File.Exists(command.Program)
            ? command
            : throw new ToolMissingException($"{command.Program} is not installed; it unpacks what was handed in. Install it: apt install {command.Name}");
    }

    private static string Name(ImportKind kind) => kind.ToString().ToLowerInvariant();
}
