namespace Capyd.SystemTests.Pooling;

/// <summary>One embedded daemon with a pooler, for the tests of a class.</summary>
public sealed class PooledDaemon() : DaemonGround(("CAPYD_POOLER_ENABLED", "true"))
{
    public static CapydDaemon New(params (string Name, string Value)[] environment) =>
        CapydDaemon.Embedded(Machine.NewDirectory(), [("CAPYD_POOLER_ENABLED", "true"), .. environment]);

    protected override Task PrepareAsync() => Api.PoolerAsync("operational");
}
