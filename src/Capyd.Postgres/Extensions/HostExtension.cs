namespace Capyd.Postgres.Extensions;

/// <summary>What a host offers of one extension, and what one database has of it.</summary>
/// <param name="DefaultVersion">What CREATE EXTENSION would make; null when the host does not have its files.</param>
/// <param name="InstalledVersion">Null when the database does not have it.</param>
/// <param name="CanUpdate">Whether the host has scripts from the installed to the default version.</param>
public sealed record HostExtension(string Name, string? DefaultVersion, string? InstalledVersion, bool CanUpdate);
