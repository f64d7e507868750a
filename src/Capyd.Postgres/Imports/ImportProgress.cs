namespace Capyd.Postgres.Imports;

/// <summary>How far an import is.</summary>
/// <param name="Fraction">The share of this phase that is done, 0 to 1.</param>
/// <param name="Bytes">Bytes handled in this phase.</param>
/// <param name="Objects">Objects loaded so far.</param>
public sealed record ImportProgress(ImportPhase Phase, double Fraction, long Bytes, int Objects);
