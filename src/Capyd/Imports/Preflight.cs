using Capyd.Cluster;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Imports;
using Capyd.Storage.Projects;

namespace Capyd.Imports;

/// <summary>The verdicts on one source, and what it said when it could be asked.</summary>
internal sealed record PreflightFindings(IReadOnlyList<PreflightCheck> Checks, RemoteFacts? Facts)
{
    public bool Ok => Checks.All(check => !check.Failed);

    /// <summary>The failing ones in one line.</summary>
    public string Problems => string.Join("; ", Checks.Where(check => check.Failed).Select(check => $"{check.Name}: {check.Detail}"));
}

/// <summary>Asks a source and judges it: before an import on request, and again by the import itself.</summary>
internal sealed class Preflight(SourceProbe probe, PostgresServer server)
{
    public async Task<PreflightFindings> RunAsync(VettedSource source, ProjectRow project, CancellationToken cancellation)
    {
        try
        {
            var facts = await probe.ReadAsync(source, cancellation);
            return new PreflightFindings(PreflightVerdict.Judge(facts, await RoomAsync(project, cancellation)), facts);
        }
        catch (RemoteFailedException e)
        {
            return new PreflightFindings([PreflightCheck.Fail(PreflightVerdict.Connectivity, e.Message)], null);
        }
    }

    /// <summary>The same as a gate.</summary>
    /// <exception cref="CapydException">A check failed.</exception>
    /// <exception cref="RemoteFailedException">The source could not be read; it may be worth another try.</exception>
    public async Task<RemoteFacts> RequireAsync(VettedSource source, ProjectRow project, CancellationToken cancellation)
    {
        var facts = await probe.ReadAsync(source, cancellation);
        var findings = new PreflightFindings(PreflightVerdict.Judge(facts, await RoomAsync(project, cancellation)), facts);
        return findings.Ok ? facts : throw CapydException.Invalid($"the source cannot be imported: {findings.Problems}", "nothing was changed");
    }

    public async Task<ImportRoom> RoomAsync(ProjectRow project, CancellationToken cancellation)
    {
        var postgres = server.Capabilities;
        var extensions = await postgres.Extensions.ListAsync(DatabaseName.Parse(project.DatabaseName), cancellation);
        var onHost = extensions.Where(extension => extension.DefaultVersion is not null).Select(extension => extension.Name).ToHashSet(StringComparer.Ordinal);
        return new ImportRoom(project.StorageLimitBytes, server.Facts!.Major, onHost);
    }
}
