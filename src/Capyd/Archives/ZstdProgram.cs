using System.Globalization;
using Capyd.Postgres.Tools;
using Capyd.Storage.Repository;

namespace Capyd.Archives;

/// <summary>
/// The system's <c>zstd</c>, as an unprivileged user, a process for each frame: the window and the tables of a compressor are as large as
/// all of capyd, and are gone with the process.
/// </summary>
internal sealed class ZstdProgram(CapydOptions options, TimeProvider clock)
{
    private const string Program = "/usr/bin/zstd";

    /// <summary>Log2 of the shortest distance that needs more than the ordinary search.</summary>
    private const int OrdinaryWindowLog = 22;

    /// <summary>
    /// For rows of tables, by measurement (bench/README.md): the strategy of zstd's levels 13 to 15 with the tables of level 3, which
    /// takes a third of their time, and looks for no repetition below six bytes, as digits repeat everywhere.
    /// </summary>
    private const string ForRows = "strat=6,hlog=17,clog=17,slog=1,mml=6,tlen=8";

    /// <summary>Bytes of the shortest repetition that is looked for far away.</summary>
    private const int FarMatch = 24;

    /// <summary>One position in two to the power of this is remembered for far repetitions; an entry is as long, so their table is as large as the window.</summary>
    private const int FarRateLog = 3;

    /// <summary>Without a look at zstd's own checksum: what is unpacked was proven by its SHA-256, and what comes of it is compared.</summary>
    private static readonly string[] Unpacking = ["--decompress", "--stdout", "--quiet", "--no-check", "--memory=128MB"];

    private readonly ToolRunner _runner = new(clock);

    public static bool IsInstalled => File.Exists(Program);

    /// <summary>Compresses what <paramref name="write"/> writes into one frame.</summary>
    /// <param name="far">Whether repetitions anywhere in the window are looked for, and not only near ones.</param>
    /// <exception cref="ToolFailedException">zstd failed.</exception>
    /// <exception cref="ToolMissingException">It is not installed.</exception>
    public async Task CompressAsync(bool far, Func<Stream, CancellationToken, Task> write, Stream target, CancellationToken cancellation)
    {
        var command = Command(Program, ["--compress", "--stdout", "--quiet", .. Settings(options.Backups, far)]);
        var streams = new ToolStreams { Stdin = write, Stdout = (output, token) => output.CopyToAsync(target, token) };
        (await _runner.RunAsync(command, streams, cancellation)).EnsureSuccess(command);
    }

    /// <summary>Unpacks one frame. Returns what zstd had to say against it, or null.</summary>
    public async Task<string?> DecompressAsync(
        Func<Stream, CancellationToken, Task> write, Func<Stream, CancellationToken, Task> consume, CancellationToken cancellation)
    {
        var command = Command(Program, Unpacking);
        var outcome = await _runner.RunAsync(command, new ToolStreams { Stdin = write, Stdout = consume }, cancellation);
        return outcome.ExitCode == 0 ? null : outcome.StderrTail.Trim();
    }

    /// <summary>
    /// The same into a file that is there, from a byte on; what lies around stays. zstd writes into it by itself: as a file at that byte is
    /// what it finds as its output, and only dd can be asked to go there first.
    /// </summary>
    public async Task<string?> DecompressIntoAsync(Func<Stream, CancellationToken, Task> write, (string File, long At) place, CancellationToken cancellation)
    {
        const string Script = """file=$1 at=$2 && shift 2 && exec 1<>"$file" && dd oflag=seek_bytes seek="$at" count=0 status=none </dev/null && exec "$@" """;
        var at = place.At.ToString(CultureInfo.InvariantCulture);
        var command = Command("/bin/sh", ["-c", Script, "sh", place.File, at, Program, .. Unpacking]);
        var outcome = await _runner.RunAsync(command, new ToolStreams { Stdin = write }, cancellation);
        return outcome.ExitCode == 0 ? null : outcome.StderrTail.Trim();
    }

    /// <summary>
    /// Whether <paramref name="beginning"/> profits from looking far. Rows that differ little from the row before do not: a match far away
    /// is then taken in place of a near one, which costs fewer bits.
    /// </summary>
    public static bool LooksFar(ReadOnlySpan<byte> beginning)
    {
        var near = new ZstdSettings();
        var far = new ZstdSettings { LongDistance = true, LongMinMatch = FarMatch, LongRateLog = FarRateLog, LongHashLog = 20 - FarRateLog, WindowLog = 20 };
        return ZstdSample.SizeOf(beginning, far) <= ZstdSample.SizeOf(beginning, near) * 1.25;
    }

    internal static IEnumerable<string> Settings(BackupOptions backups, bool far)
    {
        var (window, suited) = (backups.ZstdWindowLog, backups.ZstdLevel == 0);
        yield return suited ? "-3" : string.Create(CultureInfo.InvariantCulture, $"-{backups.ZstdLevel}");
        yield return backups.ZstdWorkers == 0 ? "--single-thread" : string.Create(CultureInfo.InvariantCulture, $"-T{backups.ZstdWorkers}");
        if (far)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"--long={window}");
        }

        var size = string.Create(CultureInfo.InvariantCulture, $"wlog={(far ? window : Math.Min(window, OrdinaryWindowLog))}");
        var search = far ? string.Create(CultureInfo.InvariantCulture, $",lhlog={window - FarRateLog},lmml={FarMatch},lhrlog={FarRateLog}") : "";
        yield return $"--zstd={size}{search}{(suited ? "," + ForRows : "")}";
    }

    private ToolCommand Command(string program, IReadOnlyList<string> arguments) => IsInstalled
        ? new ToolCommand(program, arguments) { RunAs = options.Postgres.OsUser }
        : throw new ToolMissingException($"{Program} is not installed; backups are compressed by it. Install it: apt install zstd");
}
