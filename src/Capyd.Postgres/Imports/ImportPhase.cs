namespace Capyd.Postgres.Imports;

/// <summary>What a quarantine is doing.</summary>
public enum ImportPhase
{
    /// <summary>Decompressing the file.</summary>
    Unpack,

    /// <summary>Reading it once without running anything.</summary>
    Inspect,

    /// <summary>Making the throw-away cluster.</summary>
    Prepare,

    /// <summary>Loading it there.</summary>
    Load,

    /// <summary>Dumping the result.</summary>
    Dump,
}
