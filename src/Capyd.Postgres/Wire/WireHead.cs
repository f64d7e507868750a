namespace Capyd.Postgres.Wire;

/// <summary>What comes before the body of a message.</summary>
/// <param name="Length">Bytes of the body; as the server says, so it may be nonsense.</param>
internal readonly record struct WireHead(char Type, int Length);
