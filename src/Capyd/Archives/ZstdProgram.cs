using System.Globalization;
using Capyd.Postgres.Tools;

namespace Capyd.Archives;

/// <summary>
/// The system's <c>zstd</c>, as an unprivileged user, a process for each frame: the window and the tables of a compressor are as large as
/// all of capyd, and are gone with the process.
/// </summary>
internal sealed class ZstdProgram(CapydOptions options, TimeProvider clock)
{
    private const string Program = "/usr/bin/zstd";

    /// <summary>Its tables and window in huge pages, where the kernel offers them: a tenth of the time was waiting for page tables.</summary>
    private const string HugePages = "glibc.malloc.hugetlb=1";

    /// <summary>Without a look at zstd's own checksum: what is unpacked was proven by its SHA-256, and what comes of it is compared.</summary>
    private static readonly string[] Unpacking = ["--decompress", "--stdout", "--quiet", "--no-check", "--memory=128MB"];

    private readonly ToolRunner _runner = new(clock);

    public static bool IsInstalled => File.Exists(Program);

    /// <summary>Compresses what <paramref name="write"/> writes into one frame.</summary>
    /// <exception cref="ToolFailedException">zstd failed.</exception>
    /// <exception cref="ToolMissingException">It is not installed.</exception>
    public async Task CompressAsync(FrameSearch search, Func<Stream, CancellationToken, Task> write, Stream target, CancellationToken cancellation)
    {
        var command = Command(Program, ["--compress", "--stdout", "--quiet", .. search.Arguments(options.Backups)]);
        var streams = new ToolStreams { Stdin = write, Stdout = (output, token) => output.CopyToAsync(target, token) };
        (await _runner.RunAsync(command, streams, cancellation)).EnsureSuccess(command);
    }

    /// <summary>Unpacks one frame. Returns what zstd had to say against it, or null.</summary>
    public Task<string?> DecompressAsync(
        Func<Stream, CancellationToken, Task> write, Func<Stream, CancellationToken, Task> consume, CancellationToken cancellation) =>
        DecompressAsync(Command(Program, Unpacking), new ToolStreams { Stdin = write, Stdout = consume }, cancellation);

    /// <summary>
    /// The same into a file that is there, from a byte on; what lies around stays. zstd writes into it by itself: as a file at that byte is
    /// what it finds as its output, and only dd can be asked to go there first.
    /// </summary>
    public Task<string?> DecompressIntoAsync(Func<Stream, CancellationToken, Task> write, (string File, long At) place, CancellationToken cancellation)
    {
        const string Script = """file=$1 at=$2 && shift 2 && exec 1<>"$file" && dd oflag=seek_bytes seek="$at" count=0 status=none </dev/null && exec "$@" """;
        var at = place.At.ToString(CultureInfo.InvariantCulture);
        var command = Command("/bin/sh", ["-c", Script, "sh", place.File, at, Program, .. Unpacking]);
        return DecompressAsync(command, new ToolStreams { Stdin = write }, cancellation);
    }

    private async Task<string?> DecompressAsync(ToolCommand command, ToolStreams streams, CancellationToken cancellation)
    {
        var outcome = await _runner.RunAsync(command, streams, cancellation);
        return outcome.ExitCode == 0 ? null : outcome.StderrTail.Trim();
    }

    private ToolCommand Command(string program, IReadOnlyList<string> arguments) => IsInstalled
        ? new ToolCommand(program, arguments)
        {
            RunAs = options.Postgres.OsUser,
            Environment = new Dictionary<string, string> { ["GLIBC_TUNABLES"] = HugePages },
        }
        : throw new ToolMissingException($"{Program} is not installed; backups are compressed by it. Install it: apt install zstd");
}
