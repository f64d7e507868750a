namespace Capyd.Postgres.Imports;

/// <summary>The first tokens of a statement, and whether it is inside the body of a function written in SQL.</summary>
internal sealed class ScriptTokens
{
    private const int Most = 64;

    private readonly List<ScriptToken> _list = [];
    private bool? _isRoutine;

    public IReadOnlyList<ScriptToken> List => _list;

    public int Count => _list.Count;

    /// <summary>Above 0 a semicolon does not end the statement: BEGIN ATOMIC … END. Counted as psql does.</summary>
    public int BodyDepth { get; private set; }

    public void Add(ScriptTokenKind kind, string text, int parentheses)
    {
        if (parentheses > 0)
        {
            return;
        }

        if (_list.Count < Most)
        {
            _list.Add(new ScriptToken(kind, text));
        }

        if (kind == ScriptTokenKind.Word && (_isRoutine ??= Routine()) != false)
        {
            BodyDepth += text switch
            {
                "BEGIN" => 1,
                "CASE" when BodyDepth > 0 => 1,
                "END" when BodyDepth > 0 => -1,
                _ => 0,
            };
        }
    }

    public void RemoveLast(int parentheses)
    {
        if (parentheses <= 0 && _list.Count is > 0 and < Most)
        {
            _list.RemoveAt(_list.Count - 1);
        }
    }

    /// <returns>Null as long as it is open.</returns>
    private bool? Routine()
    {
        var words = _list.Where(static t => t.Text is not ("OR" or "REPLACE")).ToList();
        return words switch
        {
            [{ Text: "CREATE" }] => null,
            [{ Text: "CREATE" }, { Text: "FUNCTION" or "PROCEDURE" }, ..] => true,
            _ => false,
        };
    }
}
