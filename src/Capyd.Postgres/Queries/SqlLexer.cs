namespace Capyd.Postgres.Queries;

/// <summary>
/// Cuts SQL as PostgreSQL does: quotes, dollar quotes, escape strings, nested comments. What is not terminated runs to the end;
/// the server refuses it. Strings are read as with standard_conforming_strings on.
/// </summary>
public sealed class SqlLexer
{
    private readonly string _sql;
    private readonly List<SqlToken> _tokens = [];
    private int _at;
    private int _depth;

    private SqlLexer(string sql) => _sql = sql;

    public static IReadOnlyList<SqlToken> Read(string sql)
    {
        var lexer = new SqlLexer(sql);
        while (lexer._at < sql.Length)
        {
            lexer.Next();
        }

        return lexer._tokens;
    }

    private void Next()
    {
        var start = _at;
        var c = _sql[start];
        if (char.IsWhiteSpace(c))
        {
            _at++;
        }
        else if (c == '-' && Peek(1) == '-')
        {
            var end = _sql.AsSpan(_at).IndexOfAny('\n', '\r');
            _at = end < 0 ? _sql.Length : _at + end;
        }
        else if (c == '/' && Peek(1) == '*')
        {
            SkipComment();
        }
        else
        {
            Significant(start, c);
        }
    }

    private void Significant(int start, char c)
    {
        if (Prefix(c) is { } prefix)
        {
            _at += prefix;
            SkipQuoted(_sql[_at], escapes: prefix == 1 && c is 'e' or 'E');
            Add(_sql[start + prefix] == '\'' ? SqlTokenKind.Text : SqlTokenKind.Quoted, start);
        }
        else if (IsWordStart(c))
        {
            SkipWhile(static x => IsWordStart(x) || char.IsAsciiDigit(x) || x == '$');
            Add(SqlTokenKind.Word, start);
        }
        else if (char.IsAsciiDigit(c) || (c == '$' && char.IsAsciiDigit(Peek(1))))
        {
            _at++;
            SkipWhile(static x => char.IsAsciiLetterOrDigit(x) || x is '.' or '_');
            Add(SqlTokenKind.Number, start);
        }
        else if (c == '$' && DollarTag() is { } tag)
        {
            var end = _sql.IndexOf(tag, _at + tag.Length, StringComparison.Ordinal);
            _at = end < 0 ? _sql.Length : end + tag.Length;
            Add(SqlTokenKind.Text, start);
        }
        else
        {
            Symbol(start, c);
        }
    }

    private void Symbol(int start, char c)
    {
        _at++;
        if (c is ')' or ']')
        {
            _depth = Math.Max(0, _depth - 1);
        }

        Add(SqlTokenKind.Symbol, start);
        if (c is '(' or '[')
        {
            _depth++;
        }
    }

    /// <summary>How many characters stand before the quote: 0 for a plain one; null when there is no quote.</summary>
    private int? Prefix(char c) => c switch
    {
        '\'' or '"' => 0,
        'e' or 'E' or 'b' or 'B' or 'x' or 'X' or 'n' or 'N' when Peek(1) == '\'' => 1,
        'u' or 'U' when Peek(1) == '&' && Peek(2) is '\'' or '"' => 2,
        _ => null,
    };

    private void SkipQuoted(char quote, bool escapes)
    {
        for (_at++; _at < _sql.Length; _at++)
        {
            if (escapes && _sql[_at] == '\\')
            {
                _at++;
            }
            else if (_sql[_at] == quote)
            {
                if (Peek(1) != quote)
                {
                    _at++;
                    return;
                }

                _at++;
            }
        }

        _at = _sql.Length;
    }

    private void SkipComment()
    {
        var open = 0;
        do
        {
            (open, _at) = (_sql[_at], Peek(1)) switch
            {
                ('/', '*') => (open + 1, _at + 2),
                ('*', '/') => (open - 1, _at + 2),
                _ => (open, _at + 1),
            };
        }
        while (open > 0 && _at < _sql.Length);
    }

    /// <summary>$$ or $tag$ at this place; null when it is neither.</summary>
    private string? DollarTag()
    {
        var end = _at + 1;
        while (end < _sql.Length && (IsWordStart(_sql[end]) || (end > _at + 1 && char.IsAsciiDigit(_sql[end]))))
        {
            end++;
        }

        return end < _sql.Length && _sql[end] == '$' ? _sql[_at..(end + 1)] : null;
    }

    private void SkipWhile(Func<char, bool> belongs)
    {
        while (_at < _sql.Length && belongs(_sql[_at]))
        {
            _at++;
        }
    }

    private void Add(SqlTokenKind kind, int start) => _tokens.Add(new SqlToken(kind, start, _at, _depth));

    private char Peek(int ahead) => _at + ahead < _sql.Length ? _sql[_at + ahead] : '\0';

    private static bool IsWordStart(char c) => char.IsAsciiLetter(c) || c == '_' || c >= '\x80';
}
