using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Text;

namespace Capyd.Postgres.Tools;

/// <summary>One running program: its three pipes, its end, and what happens when one of them fails.</summary>
internal sealed class ToolRun(Process process, ToolCommand command, ToolStreams streams, TimeProvider clock)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly TailBuffer _stdout = new();
    private readonly TailBuffer _stderr = new();
    private readonly Redaction _redaction = new(command.Secrets);
    private Exception? _fault;

    public async Task<ToolOutcome> CompleteAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pumps = Task.WhenAll(Guard(WriteInputAsync, abort), Guard(ReadOutputAsync, abort), Guard(ReadErrorsAsync, abort));
        await EndAsync(abort.Token);
        await pumps;
        cancellationToken.ThrowIfCancellationRequested();
        if (_fault is not null)
        {
            ExceptionDispatchInfo.Throw(_fault);
        }

        return new ToolOutcome(process.ExitCode, _stdout.Text(_redaction), _stderr.Text(_redaction), clock.GetElapsedTime(started));
    }

    private async Task EndAsync(CancellationToken abort)
    {
        try
        {
            await process.WaitForExitAsync(abort);
        }
        catch (OperationCanceledException)
        {
            Interrupt();
            await KillAfterGraceAsync();
        }
    }

    /// <summary>Walls pass no signal on, and ignore one where capyd was started with it ignored, as shells start what runs in the background;
    /// killed, they take what is behind them along.</summary>
    private void Interrupt()
    {
        if (command.DiesWithParent)
        {
            process.Kill();
        }
        else
        {
            ProcessSignal.Interrupt(process);
        }
    }

    private async Task KillAfterGraceAsync()
    {
        using var grace = new CancellationTokenSource(Grace, clock);
        try
        {
            await process.WaitForExitAsync(grace.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>The first pump that fails ends the program; its exception is what the caller sees.</summary>
    private async Task Guard(Func<CancellationToken, Task> pump, CancellationTokenSource abort)
    {
        try
        {
            await pump(abort.Token);
        }
        catch (Exception e)
        {
            if (!abort.IsCancellationRequested)
            {
                Interlocked.CompareExchange(ref _fault, e, null);
                await abort.CancelAsync();
            }
        }
    }

    private async Task WriteInputAsync(CancellationToken cancellationToken)
    {
        await using var pipe = process.StandardInput.BaseStream;
        if (streams.Stdin is not { } write)
        {
            return;
        }

        await using var input = new ChildInput(pipe);
        try
        {
            await write(input, cancellationToken);
        }
        catch (Exception) when (input.Broken)
        {
            // The program stopped reading; its exit code says whether that is a failure.
            return;
        }
    }

    private async Task ReadOutputAsync(CancellationToken cancellationToken)
    {
        var pipe = process.StandardOutput.BaseStream;
        if (streams.Stdout is { } read)
        {
            await read(pipe, cancellationToken);
        }

        await DrainAsync(pipe, bytes => _stdout.Append(bytes.Span), cancellationToken);
    }

    private async Task ReadErrorsAsync(CancellationToken cancellationToken)
    {
        var line = new MemoryStream();
        await DrainAsync(
            process.StandardError.BaseStream,
            bytes => SplitLines(bytes.Span, line),
            cancellationToken);
        EmitLine(line);
    }

    private static async Task DrainAsync(Stream pipe, Action<ReadOnlyMemory<byte>> take, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await pipe.ReadAsync(buffer, cancellationToken)) > 0)
        {
            take(buffer.AsMemory(0, count));
        }
    }

    private void SplitLines(ReadOnlySpan<byte> bytes, MemoryStream line)
    {
        foreach (var value in bytes)
        {
            if (value == (byte)'\n' || line.Length >= TailBuffer.Capacity)
            {
                EmitLine(line);
            }

            if (value != (byte)'\n')
            {
                line.WriteByte(value);
            }
        }
    }

    private void EmitLine(MemoryStream line)
    {
        if (line.Length == 0)
        {
            return;
        }

        var bytes = line.GetBuffer().AsSpan(0, (int)line.Length);
        if (streams.StderrLine?.Invoke(_redaction.Apply(Encoding.UTF8.GetString(bytes))) != true)
        {
            _stderr.Append(bytes);
            _stderr.Append("\n"u8);
        }

        line.SetLength(0);
    }
}
