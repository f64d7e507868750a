namespace Capyd.SystemTests.Kit;

/// <summary>One embedded daemon for all test classes of a collection.</summary>
public sealed class EmbeddedDaemon : DaemonGround;
