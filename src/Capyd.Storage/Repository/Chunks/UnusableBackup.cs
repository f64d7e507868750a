namespace Capyd.Storage.Repository.Chunks;

/// <summary>A backup of which some files cannot be read.</summary>
/// <param name="MissingChunks">How many references lead nowhere, or to damage.</param>
/// <param name="Files">The first few files concerned.</param>
public sealed record UnusableBackup(string Name, long MissingChunks, IReadOnlyList<string> Files);
