namespace Capyd.Postgres.Queries;

/// <summary>One statement of a script, with its tokens; it has at least one.</summary>
public sealed class SqlStatement
{
    private readonly string _sql;

    internal SqlStatement(string sql, IReadOnlyList<SqlToken> tokens)
    {
        _sql = sql;
        Tokens = tokens;
    }

    public IReadOnlyList<SqlToken> Tokens { get; }

    /// <summary>As it was written, with the comments inside it.</summary>
    public string Text => _sql[Tokens[0].Start..Tokens[^1].End];

    /// <summary>The first word in upper case: SELECT, WITH, …; empty when it begins with something else.</summary>
    public string Verb => Tokens.FirstOrDefault(static token => token.Kind != SqlTokenKind.Symbol || token.Depth > 0) is { Kind: SqlTokenKind.Word } first
        ? _sql[first.Start..first.End].ToUpperInvariant()
        : "";

    /// <summary>Whether the token at this place is this keyword.</summary>
    /// <param name="word">In upper case.</param>
    public bool Is(int index, string word) =>
        index >= 0 && index < Tokens.Count && Tokens[index] is { Kind: SqlTokenKind.Word } token
        && _sql.AsSpan(token.Start, token.End - token.Start).Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the token at this place is this character.</summary>
    public bool Is(int index, char symbol) =>
        index >= 0 && index < Tokens.Count && Tokens[index].Kind == SqlTokenKind.Symbol && _sql[Tokens[index].Start] == symbol;

    /// <summary>Whether the keyword stands among these tokens.</summary>
    public bool Has(string word, int from, int to) => Enumerable.Range(from, Math.Max(0, Math.Min(to, Tokens.Count) - from)).Any(index => Is(index, word));

    /// <summary>The tokens with a question mark for each value: what was done, without what it was done to.</summary>
    public IEnumerable<string> Shape() => Tokens.Select(token => token.Kind switch
    {
        SqlTokenKind.Text or SqlTokenKind.Number => "?",
        SqlTokenKind.Word => _sql[token.Start..token.End].ToLowerInvariant(),
        _ => _sql[token.Start..token.End],
    });
}
