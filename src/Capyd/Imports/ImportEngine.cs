using Capyd.Postgres.Imports;
using Capyd.Postgres.Tools;

namespace Capyd.Imports;

/// <summary>PostgreSQL's tools for what is foreign; all of them run confined.</summary>
internal sealed class ImportEngine(CapydOptions options, TimeProvider clock)
{
    private readonly ToolRunner _runner = new(clock);
    private readonly Confinement _confinement = new(options.Postgres.OsUser);
    private readonly Lazy<PostgresBinaries> _binaries = new(() => PostgresBinaries.Discover(options.Postgres.BinDir));

    public RemoteProbe Probe => new(_binaries.Value, _runner, _confinement);

    public RemoteDump Dump => new(_binaries.Value, _runner, _confinement);

    public Quarantine Quarantine(string root) => new(_binaries.Value, _runner, _confinement, root);
}
