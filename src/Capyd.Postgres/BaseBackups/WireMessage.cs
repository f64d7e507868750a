namespace Capyd.Postgres.BaseBackups;

/// <summary>One message of the server; the body is valid until the next one is read.</summary>
internal readonly record struct WireMessage(char Type, ReadOnlyMemory<byte> Body);
