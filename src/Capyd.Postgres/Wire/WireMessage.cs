namespace Capyd.Postgres.Wire;

/// <summary>One message of the server; the body is valid until the next one is read.</summary>
internal readonly record struct WireMessage(char Type, ReadOnlyMemory<byte> Body);
