namespace Capyd.Postgres.Queries;

/// <summary>What the lexer tells apart; comments and blanks are left out.</summary>
public enum SqlTokenKind
{
    /// <summary>A keyword, or an identifier without quotes.</summary>
    Word,

    /// <summary>An identifier in quotes.</summary>
    Quoted,

    /// <summary>A string of any spelling.</summary>
    Text,

    /// <summary>A number, or a parameter such as $1.</summary>
    Number,

    /// <summary>One character of anything else.</summary>
    Symbol,
}

/// <summary>A piece of SQL text, by its place.</summary>
/// <param name="Depth">How many brackets are open around it; a pair of brackets stands outside itself.</param>
public readonly record struct SqlToken(SqlTokenKind Kind, int Start, int End, int Depth);
