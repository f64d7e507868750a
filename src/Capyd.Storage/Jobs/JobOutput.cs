namespace Capyd.Storage.Jobs;

/// <summary>What the last tool of an attempt left: bounded, and scrubbed of secrets by the caller.</summary>
public sealed record JobOutput(int? ExitCode, string? Stdout, string? Stderr);
