namespace Capyd.SystemTests.Recovery;

/// <summary>What a database held at a moment of its server's clock.</summary>
public sealed record Moment(string At, string Content);
