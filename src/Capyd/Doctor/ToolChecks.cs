using Capyd.Archives;
using Capyd.Postgres.Imports;
using Capyd.Postgres.Tools;

namespace Capyd.Doctor;

/// <summary>Programs that parts of capyd need. Without them those parts are switched off, and say so.</summary>
internal sealed class ToolChecks(CapydOptions options, TimeProvider clock)
{
    private static readonly string[] PoolerPlaces = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/sbin/pgbouncer", "/usr/local/bin/pgbouncer"];

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellation)
    {
        var confinement = await new Confinement(options.Postgres.OsUser).CheckAsync(new ToolRunner(clock), cancellation);
        return
        [
            confinement.Problem is { } problem
                ? Finding.Warn("bubblewrap", $"there are no imports: {problem}", "apt install bubblewrap; docs: confinement")
                : Finding.Pass("bubblewrap", "imports can be confined"),
            ZstdProgram.IsInstalled
                ? Finding.Pass("zstd", "backups can be compressed")
                : Finding.Fail("zstd", "not installed: no backup can be taken, and none be restored", "apt install zstd"),
            Pooler(),
        ];
    }

    private Finding Pooler()
    {
        var found = options.Pooler.Bin is { } bin ? File.Exists(bin) : PoolerPlaces.Any(File.Exists);
        return (options.Pooler.Enabled, found) switch
        {
            ("false", _) => Finding.Pass("pgbouncer", "switched off"),
            (_, true) => Finding.Pass("pgbouncer", $"installed; pooled connections on port {options.Pooler.Port}"),
            ("true", _) => Finding.Fail("pgbouncer", "pooler.enabled is true, and it is not installed", "apt install pgbouncer"),
            _ => Finding.Warn("pgbouncer", "not installed: there are no pooled connections", "apt install pgbouncer"),
        };
    }
}
