namespace Capyd.Postgres.Imports;

/// <summary>What was handed in cannot be imported, and trying again does not help. The message names what was found and what to do.</summary>
public sealed class ImportRefusedException(string message, Exception? inner = null) : Exception(message, inner);
