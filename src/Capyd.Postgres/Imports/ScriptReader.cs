namespace Capyd.Postgres.Imports;

/// <summary>
/// Cuts SQL text into statements and rows, as psql does, while it streams by. Commands of psql itself are refused, so that no
/// client ever meets them.
/// </summary>
internal sealed class ScriptReader(Stream source, int statementLimit)
{
    private const int BufferSize = 256 * 1024;
    private const int TerminatorBytes = 4;

    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly ScriptLexer _lexer = new(statementLimit);
    private int _start;
    private int _end;
    private bool _atEnd;
    private bool _begun;

    /// <summary>Whether a dump's last comment is missing although its first one was there.</summary>
    public bool IsCutOff => _lexer is { SawHeader: true, SawTrailer: false };

    /// <returns>Null at the end.</returns>
    /// <exception cref="ImportRefusedException">The text ends too early, or holds what is not SQL.</exception>
    public async ValueTask<ScriptStatement?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_start == _end && !await FillAsync(cancellationToken))
            {
                return _lexer.Finish();
            }

            if (!_begun)
            {
                await SkipByteOrderMarkAsync(cancellationToken);
            }

            _start += _lexer.Read(_buffer.AsSpan(_start, _end - _start), out var statement);
            if (statement is not null)
            {
                return statement;
            }
        }
    }

    /// <summary>Passes the rows that follow a COPY … FROM stdin to a sink, or over them.</summary>
    /// <returns>The number of rows.</returns>
    public async Task<long> RowsAsync(ScriptStatement copy, Stream? sink, CancellationToken cancellationToken)
    {
        await SkipRestOfLineAsync(copy, cancellationToken);
        var rows = 0L;
        var lineStart = true;
        while (true)
        {
            if (_end - _start < TerminatorBytes && !_atEnd)
            {
                await FillAsync(cancellationToken);
            }

            var (taken, ended) = Take(ref lineStart, ref rows);
            if (sink is not null && taken > 0)
            {
                await sink.WriteAsync(_buffer.AsMemory(_start, taken), cancellationToken);
            }

            _start += taken;
            if (ended)
            {
                ConsumeTerminator();
                return rows;
            }

            if (_atEnd && _start == _end)
            {
                throw new ImportRefusedException($"The file ends within the rows of {copy.Subject}: it is cut off. Dump or upload it again.");
            }
        }
    }

    /// <summary>As many bytes of rows as the buffer has, up to the line that ends them.</summary>
    private (int Taken, bool Ended) Take(ref bool lineStart, ref long rows)
    {
        var at = _start;
        while (at < _end)
        {
            if (lineStart && _end - at < TerminatorBytes && !_atEnd)
            {
                break;
            }

            var rest = _buffer.AsSpan(at, _end - at);
            if (lineStart && IsTerminator(rest))
            {
                return (at - _start, true);
            }

            var newline = rest.IndexOf((byte)'\n');
            lineStart = newline >= 0;
            if (newline < 0)
            {
                at = _end;
                break;
            }

            at += newline + 1;
            rows++;
            _lexer.Line++;
        }

        return (at - _start, false);
    }

    private static bool IsTerminator(ReadOnlySpan<byte> line) =>
        line.StartsWith("\\."u8) && (line.Length == 2 || line[2] == '\n' || (line[2] == '\r' && (line.Length == 3 || line[3] == '\n')));

    private void ConsumeTerminator()
    {
        var newline = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
        _start = newline < 0 ? _end : _start + newline + 1;
        _lexer.Line++;
    }

    private async Task SkipByteOrderMarkAsync(CancellationToken cancellationToken)
    {
        while (_end - _start < 3 && await FillAsync(cancellationToken))
        {
        }

        if (_buffer.AsSpan(_start, _end - _start).StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            _start += 3;
        }

        _begun = true;
    }

    private async Task SkipRestOfLineAsync(ScriptStatement copy, CancellationToken cancellationToken)
    {
        while (_start < _end || await FillAsync(cancellationToken))
        {
            var value = _buffer[_start++];
            if (value == '\n')
            {
                _lexer.Line++;
                return;
            }

            if (value is not ((byte)' ' or (byte)'\t' or (byte)'\r'))
            {
                throw new ImportRefusedException($"Line {copy.Line}: after COPY … FROM stdin; its rows must begin on the next line.");
            }
        }
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        var count = _atEnd ? 0 : await source.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _atEnd |= count == 0;
        _end += count;
        return count > 0;
    }
}
