namespace Capyd.Postgres.Imports;

/// <summary>An extension that is installed in a foreign database.</summary>
public sealed record RemoteExtension(string Name, string Version, string Schema);
