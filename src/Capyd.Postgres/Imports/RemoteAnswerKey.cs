namespace Capyd.Postgres.Imports;

internal sealed record RemoteAnswerKey(string Constraint, string SourceSchema, string SourceTable, string TargetSchema, string TargetTable);
