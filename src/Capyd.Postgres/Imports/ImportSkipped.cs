namespace Capyd.Postgres.Imports;

/// <summary>Something in a foreign file that was left out.</summary>
/// <param name="Type">In lower case, for example "event trigger".</param>
/// <param name="Name">As the file has it, cut at 200 characters.</param>
public sealed record ImportSkipped(string Type, string Name, string Reason);
