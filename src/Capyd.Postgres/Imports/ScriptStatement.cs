namespace Capyd.Postgres.Imports;

/// <summary>One SQL statement of a script.</summary>
/// <param name="Text">Its bytes as Latin-1 characters, so that every encoding passes through unchanged.</param>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Tokens">The first ones outside of parentheses.</param>
/// <param name="Entry">The comment that pg_dump wrote above it.</param>
internal sealed record ScriptStatement(string Text, long Line, IReadOnlyList<ScriptToken> Tokens, TocEntry? Entry)
{
    private const int QuotedCharacters = 80;

    /// <summary>Whether rows follow in the script.</summary>
    public bool IsCopyFromStdin => Begins("COPY") && Find("FROM") is var from and >= 0 && At(from + 1).Is("STDIN");

    /// <summary>How people know it: pg_dump's name, or its first words.</summary>
    public string Subject => Entry?.ToString() ?? Flat(Text.Length > QuotedCharacters ? Text[..QuotedCharacters] + "…" : Text);

    public ScriptToken At(int index) => index < Tokens.Count ? Tokens[index] : default;

    public bool Begins(params ReadOnlySpan<string> words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (!At(i).Is(words[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <returns>-1 when the word is not there.</returns>
    public int Find(string word)
    {
        for (var i = 0; i < Tokens.Count; i++)
        {
            if (Tokens[i].Is(word))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The schema of the first qualified name after a token; null when there is none.</summary>
    public string? SchemaAfter(int start)
    {
        for (var i = start; i + 2 < Tokens.Count; i++)
        {
            if (Tokens[i].IsName && Tokens[i + 1].Text == "." && Tokens[i + 2].IsName)
            {
                return Tokens[i].Folded;
            }
        }

        return null;
    }

    private static string Flat(string text) => LatinText.ToReadable(text);
}
