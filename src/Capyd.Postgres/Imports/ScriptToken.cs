namespace Capyd.Postgres.Imports;

internal readonly record struct ScriptToken(ScriptTokenKind Kind, string Text)
{
    public bool IsName => Kind is ScriptTokenKind.Word or ScriptTokenKind.Quoted;

    /// <summary>The name as the server folds it.</summary>
    public string Folded => Kind == ScriptTokenKind.Word ? Text.ToLowerInvariant() : Text;

    public bool Is(string word) => Kind == ScriptTokenKind.Word && Text == word;
}
