using System.Text;

namespace Capyd.Postgres.Imports;

/// <summary>The state machine below <see cref="ScriptReader"/>: knows quotes, dollar quotes, comments, parentheses and bodies of
/// functions in SQL, fed with pieces of any size.</summary>
internal sealed class ScriptLexer(int statementLimit)
{
    private const int LongestAside = 4096;

    private enum State
    {
        Normal, Word, Single, SingleEnd, Double, DoubleEnd, DollarTag, Dollar, LineComment, BlockComment, Command,
    }

    private readonly ScriptText _text = new();
    private readonly ScriptText _aside = new();
    private readonly StringBuilder _word = new();
    private ScriptTokens _tokens = new();
    private State _state;
    private byte _previous;
    private int _parentheses;
    private int _commentDepth;
    private bool _backslashEscapes;
    private bool _escaped;
    private string _tag = "";
    private int _tagMatched;
    private long _statementLine = 1;
    private TocEntry? _entry;
    private bool _standardStrings = true;

    public long Line { get; set; } = 1;

    public bool SawHeader { get; private set; }

    public bool SawTrailer { get; private set; }

    /// <returns>How many bytes were used; with a statement, those up to its semicolon.</returns>
    public int Read(ReadOnlySpan<byte> bytes, out ScriptStatement? statement)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            var value = bytes[i];
            if (Step(value))
            {
                statement = Complete();
                return i + 1;
            }

            _previous = value;
            Line += value == '\n' ? 1 : 0;
        }

        statement = null;
        return bytes.Length;
    }

    /// <summary>At the end of the text nothing may be open.</summary>
    public ScriptStatement? Finish()
    {
        if (_state is State.Command)
        {
            EndCommand();
        }
        else if (_state is State.LineComment)
        {
            EndLineComment();
        }

        return _text.Length == 0 && _state is State.Normal
            ? null
            : throw new ImportRefusedException($"The file ends in the middle of the statement that begins in line {_statementLine}: it is cut off. Dump or upload it again.");
    }

    /// <returns>Whether a statement ends here.</returns>
    private bool Step(byte value)
    {
        switch (_state)
        {
            case State.Word when IsWordByte(value):
                _word.Append((char)value);
                Keep(value);
                return false;
            case State.Word:
                EndWord();
                return Normal(value, afterWord: true);
            case State.Single:
                Single(value);
                return false;
            case State.SingleEnd:
                if (value == '\'')
                {
                    _state = State.Single;
                    Keep(value);
                    return false;
                }

                _tokens.Add(ScriptTokenKind.Literal, "", _parentheses);
                return Normal(value, afterWord: false);
            case State.Double:
                Double(value);
                return false;
            case State.DoubleEnd:
                if (value == '"')
                {
                    _word.Append('"');
                    _state = State.Double;
                    Keep(value);
                    return false;
                }

                _tokens.Add(ScriptTokenKind.Quoted, Decode(_word), _parentheses);
                return Normal(value, afterWord: false);
            case State.DollarTag:
                return DollarTag(value);
            case State.Dollar:
                Dollar(value);
                return false;
            case State.LineComment or State.Command:
                Aside(value);
                return false;
            case State.BlockComment:
                BlockComment(value);
                return false;
            default:
                return Normal(value, afterWord: false);
        }
    }

    private bool Normal(byte value, bool afterWord)
    {
        _state = State.Normal;
        switch (value)
        {
            case (byte)';' when _parentheses <= 0 && _tokens.BodyDepth == 0:
                return true;
            case (byte)'\'':
                _backslashEscapes = !_standardStrings || (afterWord && _word.Length == 1 && _word[0] is 'e' or 'E');
                _state = State.Single;
                break;
            case (byte)'"':
                _word.Clear();
                _state = State.Double;
                break;
            case (byte)'$':
                _word.Clear();
                _state = State.DollarTag;
                break;
            case (byte)'\\':
                BeginCommand();
                return false;
            case (byte)'-' when _previous == '-':
                BeginLineComment();
                return false;
            case (byte)'*' when _previous == '/':
                Forget();
                _commentDepth = 1;
                _state = State.BlockComment;
                return false;
            case (byte)'(':
                _parentheses++;
                break;
            case (byte)')':
                _parentheses--;
                break;
            default:
                Plain(value);
                break;
        }

        Keep(value);
        return false;
    }

    private void Plain(byte value)
    {
        if (IsWordByte(value))
        {
            _word.Clear().Append((char)value);
            _state = State.Word;
        }
        else if (value > ' ')
        {
            _tokens.Add(ScriptTokenKind.Symbol, ((char)value).ToString(), _parentheses);
        }
    }

    private void Single(byte value)
    {
        Keep(value);
        if (_escaped)
        {
            _escaped = false;
        }
        else if (value == '\\' && _backslashEscapes)
        {
            _escaped = true;
        }
        else if (value == '\'')
        {
            _state = State.SingleEnd;
        }
    }

    private void Double(byte value)
    {
        Keep(value);
        if (value == '"')
        {
            _state = State.DoubleEnd;
        }
        else
        {
            _word.Append((char)value);
        }
    }

    private bool DollarTag(byte value)
    {
        if (value == '$')
        {
            (_tag, _tagMatched, _state) = (_word.ToString(), -1, State.Dollar);
            Keep(value);
            return false;
        }

        if (!IsWordByte(value) || value == '$' || (_word.Length == 0 && char.IsAsciiDigit((char)value)))
        {
            return Normal(value, afterWord: false);
        }

        _word.Append((char)value);
        Keep(value);
        return false;
    }

    /// <summary>-1: no dollar yet; else how many characters of the tag have been seen after one.</summary>
    private void Dollar(byte value)
    {
        Keep(value);
        if (value == '$' && _tagMatched == _tag.Length)
        {
            _tokens.Add(ScriptTokenKind.Literal, "", _parentheses);
            _state = State.Normal;
        }
        else if (value == '$')
        {
            _tagMatched = 0;
        }
        else
        {
            _tagMatched = _tagMatched >= 0 && _tagMatched < _tag.Length && _tag[_tagMatched] == (char)value ? _tagMatched + 1 : -1;
        }
    }

    private void BlockComment(byte value)
    {
        if (value == '*' && _previous == '/')
        {
            _commentDepth++;
        }
        else if (value == '/' && _previous == '*' && --_commentDepth == 0)
        {
            _state = State.Normal;
            Keep((byte)' ');
        }
    }

    private void BeginLineComment()
    {
        Forget();
        _aside.Clear();
        _state = State.LineComment;
    }

    /// <summary>Takes back the first character of what turned out to be a comment.</summary>
    private void Forget()
    {
        _text.RemoveLast();
        _tokens.RemoveLast(_parentheses);
        if (_text.Length == 0)
        {
            Reset();
        }
    }

    private void BeginCommand()
    {
        if (_text.Length > 0)
        {
            throw new ImportRefusedException($"Line {Line}: a backslash outside of quotes, in {LatinText.ToReadable(Text())}. Only SQL is loaded, no commands of psql.");
        }

        _aside.Clear();
        _state = State.Command;
    }

    private void Aside(byte value)
    {
        if (value == '\n')
        {
            if (_state == State.Command)
            {
                EndCommand();
            }
            else
            {
                EndLineComment();
            }

            Keep(value);
        }
        else if (_aside.Length < LongestAside)
        {
            _aside.Add(value);
        }
    }

    private void EndLineComment()
    {
        _state = State.Normal;
        if (_text.Length > 0)
        {
            return;
        }

        var comment = _aside.Utf8().TrimEnd('\r');
        _entry = TocEntry.Parse(comment) ?? _entry;
        SawHeader |= comment == " PostgreSQL database dump";
        SawTrailer |= comment == " PostgreSQL database dump complete";
        if (comment == " PostgreSQL database cluster dump")
        {
            throw new ImportRefusedException("The file is a dump of a whole server (pg_dumpall). Dump the one database: pg_dump --format=custom.");
        }
    }

    /// <summary>New versions of pg_dump put \restrict and \unrestrict with a random word around their text; that is all that passes.</summary>
    private void EndCommand()
    {
        _state = State.Normal;
        var words = LatinText.Flat(_aside.Utf8()).Split(' ');
        if (words is ["restrict" or "unrestrict", { Length: > 0 } key] && key.All(char.IsAsciiLetterOrDigit))
        {
            return;
        }

        var hint = words[0] is "connect" or "c" ? " Dump the one database, without --create." : "";
        throw new ImportRefusedException($"Line {Line}: the psql command \\{LatinText.Flat(words[0])} is refused; only SQL is loaded.{hint}");
    }

    private void EndWord()
    {
        _tokens.Add(ScriptTokenKind.Word, Decode(_word).ToUpperInvariant(), _parentheses);
        _state = State.Normal;
    }

    private ScriptStatement? Complete()
    {
        var statement = _text.Length == 0 ? null : new ScriptStatement(Text(), _statementLine, _tokens.List, _entry);
        NoteStrings();
        Reset();
        return statement;
    }

    /// <summary>Old dumps switch to strings in which a backslash escapes.</summary>
    private void NoteStrings()
    {
        if (_tokens.List is [{ Text: "SET" }, { Text: "STANDARD_CONFORMING_STRINGS" }, _, var value, ..] && value.Kind == ScriptTokenKind.Word)
        {
            _standardStrings = value.Text != "OFF";
        }
    }

    private void Reset()
    {
        _text.Clear();
        _tokens = new ScriptTokens();
        _parentheses = 0;
        _state = State.Normal;
        _previous = 0;
    }

    private string Text() => _text.Latin1();

    private static string Decode(StringBuilder carried) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(carried.ToString()));

    private void Keep(byte value)
    {
        if (_text.Length == 0)
        {
            if (value <= ' ')
            {
                return;
            }

            _statementLine = Line;
        }

        if (value == 0 || _text.Length >= statementLimit)
        {
            throw new ImportRefusedException(value == 0
                ? $"Line {Line}: a zero byte, which SQL text cannot hold. The file is damaged."
                : $"The statement that begins in line {_statementLine} is longer than {statementLimit} bytes.");
        }

        _text.Add(value);
    }

    /// <summary>Everything above ASCII is a letter to the server too.</summary>
    private static bool IsWordByte(byte value) => char.IsAsciiLetterOrDigit((char)value) || value is (byte)'_' or (byte)'$' or >= 0x80;
}
