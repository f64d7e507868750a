namespace Capyd.Postgres.Cluster;

/// <summary>A database at this moment.</summary>
/// <param name="SizeBytes">On disk.</param>
/// <param name="Connections">Sessions of clients, without those of capyd itself.</param>
/// <param name="TakesSessions">Whether new sessions are let in.</param>
/// <param name="OnHold">Whether <see cref="StorageHold"/> has made it read-only.</param>
public sealed record DatabaseMeasure(DatabaseName Name, long SizeBytes, int Connections, bool TakesSessions, bool OnHold);
