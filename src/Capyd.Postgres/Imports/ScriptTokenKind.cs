namespace Capyd.Postgres.Imports;

internal enum ScriptTokenKind
{
    /// <summary>A keyword or name without quotes, in upper case.</summary>
    Word,

    /// <summary>A name in double quotes, without them.</summary>
    Quoted,

    /// <summary>A string; its text is not kept.</summary>
    Literal,

    /// <summary>One character.</summary>
    Symbol,
}
