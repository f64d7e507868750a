namespace Capyd.Postgres.Imports;

/// <summary>A foreign key from a table of the user to one that the provider manages. Tables are schema.name.</summary>
public sealed record RemoteForeignKey(string Constraint, string SourceTable, string TargetTable);
