using System.Diagnostics;
using System.Text;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Tests.Tools;

public sealed class ToolRunnerTests
{
    private readonly ToolRunner _runner = new(TimeProvider.System);

    [Fact]
    public async Task The_exit_code_and_the_last_words_are_reported()
    {
        var command = Shell("echo out; echo first >&2; echo last >&2; exit 3");

        var outcome = await _runner.RunAsync(command, ToolStreams.None, CancellationToken.None);

        Assert.Equal((3, "out\n", "first\nlast\n"), (outcome.ExitCode, outcome.StdoutTail, outcome.StderrTail));
        var failure = Assert.Throws<ToolFailedException>(() => outcome.EnsureSuccess(command));
        Assert.Equal("sh failed with exit code 3: first | last", failure.Message);
    }

    [Fact]
    public async Task A_failure_is_told_from_the_first_error_on()
    {
        var command = Shell("echo 'x: notice'; echo 'x: error: why' >&2; for line in detail hint command gave up; do echo $line >&2; done; exit 1");

        var outcome = await _runner.RunAsync(command, ToolStreams.None, CancellationToken.None);

        var failure = Assert.Throws<ToolFailedException>(() => outcome.EnsureSuccess(command));
        Assert.Equal("sh failed with exit code 1: x: error: why | detail | hint | command", failure.Message);
    }

    [Fact]
    public async Task Bytes_go_through_unchanged_in_both_directions()
    {
        var sent = new byte[3_000_000];
        Random.Shared.NextBytes(sent);
        var received = new MemoryStream();
        var streams = new ToolStreams
        {
            Stdin = async (stream, token) => await stream.WriteAsync(sent, token),
            Stdout = (stream, token) => stream.CopyToAsync(received, token),
        };

        await _runner.RunAsync(Shell("cat"), streams, CancellationToken.None);

        Assert.Equal(sent, received.ToArray());
    }

    [Fact]
    public async Task Noise_is_drained_and_only_its_end_is_kept()
    {
        var outcome = await _runner.RunAsync(
            Shell("i=0; while [ $i -lt 30000 ]; do echo noise $i >&2; echo noise $i; i=$((i+1)); done"), ToolStreams.None, CancellationToken.None);

        Assert.EndsWith("noise 29999\n", outcome.StderrTail, StringComparison.Ordinal);
        Assert.StartsWith("noise ", outcome.StdoutTail, StringComparison.Ordinal);
        Assert.InRange(outcome.StdoutTail.Length, 60_000, 64 * 1024);
    }

    [Fact]
    public async Task The_environment_is_clean_and_secrets_are_taken_out()
    {
        var lines = new List<string>();
        var command = Shell("env; echo password is hunter2 >&2") with
        {
            Environment = new Dictionary<string, string> { ["PGPASSWORD"] = "hunter2" },
            Secrets = ["hunter2"],
        };

        var outcome = await _runner.RunAsync(command, new ToolStreams { StderrLine = line => { lines.Add(line); return false; } }, CancellationToken.None);

        var names = outcome.StdoutTail.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split('=')[0]);
        Assert.Equal(["HOME", "LC_ALL", "PATH", "PGPASSWORD", "TZ"], names.Except(["PWD", "_", "SHLVL", "OLDPWD"]).Order());
        Assert.DoesNotContain("hunter2", outcome.StdoutTail + outcome.StderrTail, StringComparison.Ordinal);
        Assert.Equal(["password is ***"], lines);
    }

    [Fact]
    public async Task Cancelling_interrupts_the_program_and_waits_for_its_end()
    {
        using var cancel = new CancellationTokenSource();
        var streams = new ToolStreams { StderrLine = _ => { cancel.Cancel(); return false; } };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _runner.RunAsync(new ToolCommand("/bin/sh", ["-c", "echo ready >&2; exec sleep 60"]), streams, cancel.Token));
    }

    [Fact]
    public async Task A_program_that_ignores_the_interrupt_is_killed_after_ten_seconds()
    {
        using var cancel = new CancellationTokenSource();
        var streams = new ToolStreams { StderrLine = _ => { cancel.Cancel(); return false; } };
        var watch = Stopwatch.StartNew();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _runner.RunAsync(Shell("trap '' INT; echo ready >&2; while :; do sleep 1; done"), streams, cancel.Token));

        Assert.InRange(watch.Elapsed.TotalSeconds, 9, 30);
    }

    [Fact]
    public async Task What_a_reader_throws_ends_the_program_and_is_thrown()
    {
        var streams = new ToolStreams { Stdout = (_, _) => throw new InvalidDataException("cannot use this") };

        var thrown = await Assert.ThrowsAsync<InvalidDataException>(() =>
            _runner.RunAsync(Shell("exec sleep 60"), streams, CancellationToken.None));

        Assert.Equal("cannot use this", thrown.Message);
    }

    [Fact]
    public async Task A_program_that_stops_reading_is_judged_by_its_exit_code()
    {
        var streams = new ToolStreams { Stdin = WriteForeverAsync };

        var outcome = await _runner.RunAsync(Shell("head -c 10 >/dev/null; exit 4"), streams, CancellationToken.None);

        Assert.Equal(4, outcome.ExitCode);
    }

    [Fact]
    public async Task What_a_writer_throws_is_thrown_even_when_it_is_an_IOException()
    {
        var streams = new ToolStreams { Stdin = (_, _) => throw new IOException("the archive is unreadable") };

        var thrown = await Assert.ThrowsAsync<IOException>(() => _runner.RunAsync(Shell("cat"), streams, CancellationToken.None));

        Assert.Equal("the archive is unreadable", thrown.Message);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_missing() =>
        await Assert.ThrowsAsync<ToolMissingException>(() =>
            _runner.RunAsync(new ToolCommand("/no/such/pg_dump", []), ToolStreams.None, CancellationToken.None));

    [Fact]
    public async Task Root_runs_a_program_as_another_user()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return;
        }

        var outcome = await _runner.RunAsync(Shell("id -un") with { RunAs = "postgres" }, ToolStreams.None, CancellationToken.None);

        Assert.Equal("postgres\n", outcome.StdoutTail);
    }

    [Fact]
    public async Task Walls_that_ignore_interrupts_are_killed_at_once()
    {
        using var stop = new CancellationTokenSource();
        var stuck = Shell("trap '' INT; echo up >&2; exec sleep 600") with { DiesWithParent = true };
        var streams = new ToolStreams { StderrLine = _ => { stop.Cancel(); return false; } };

        var run = _runner.RunAsync(stuck, streams, stop.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TimeSpan.FromSeconds(8)));
    }

    private static ToolCommand Shell(string script) => new("/bin/sh", ["-c", script]);

    private static async Task WriteForeverAsync(Stream stream, CancellationToken token)
    {
        var block = Encoding.ASCII.GetBytes(new string('x', 100_000));
        while (true)
        {
            await stream.WriteAsync(block, token);
        }
    }
}
