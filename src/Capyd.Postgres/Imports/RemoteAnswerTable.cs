namespace Capyd.Postgres.Imports;

internal sealed record RemoteAnswerTable(string Schema, string Name);
