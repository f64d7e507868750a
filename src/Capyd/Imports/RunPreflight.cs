using System.Globalization;
using Capyd.Audit;
using Capyd.Auth;
using Capyd.Cluster;
using Capyd.Postgres.Imports;
using Capyd.Postgres.Tools;

namespace Capyd.Imports;

/// <summary><c>POST …/imports/preflight</c>: refused URLs are 400, a source that does not fit is an answer.</summary>
internal sealed class RunPreflight(ImportTarget target, SourceGate gate, Preflight preflight, PostgresServer server)
{
    public async Task<PreflightBody> RunAsync(Principal principal, string projectId, string? url, CancellationToken cancellation)
    {
        var project = target.FindReady(principal, projectId);
        var source = await gate.VetAsync(url, cancellation);
        await target.NoteAsync(principal, project, "project.import_preflight", new AuditDetail(Target: source.Url.ToString()));
        try
        {
            var findings = await preflight.RunAsync(source, project, cancellation);
            return new PreflightBody(
                findings.Ok, [.. findings.Checks.Select(check => new PreflightCheckBody(check.Name, check.Status, check.Detail))],
                Present(findings.Facts), project.StorageLimitBytes, server.Facts!.Major.ToString(CultureInfo.InvariantCulture));
        }
        catch (ToolMissingException e)
        {
            throw new CapydException(ErrorCode.ToolMissing, e.Message, "this is for the operator of the host");
        }
    }

    private static SourceBody Present(RemoteFacts? facts) => facts is null ? new SourceBody(0, "", []) : new SourceBody(
        facts.SizeBytes, facts.Version, [.. facts.Extensions.Select(extension => new SourceExtensionBody(extension.Name, extension.Version))])
    {
        AppSchemas = facts.Schemas,
        EventTriggers = facts.EventTriggers,
        Provider = facts.Provider ?? "other",
        ProviderSignals = facts.ProviderSignals,
        ProviderSchemas = facts.ProviderSchemas,
        ProviderAuthPolicyTables = facts.AuthPolicyTables,
        ProviderAuthFks = [.. facts.AuthForeignKeys.Select(key => new SourceForeignKeyBody(key.Constraint, key.SourceTable, key.TargetTable))],
        Replication = Present(facts.Replication),
    };

    private static SourceReplicationBody Present(RemoteReplication facts)
    {
        string?[] blockers =
        [
            facts.WalLevel == "logical" ? null : $"wal_level is {facts.WalLevel}, and replication needs logical",
            facts.UsedReplicationSlots < facts.MaxReplicationSlots ? null : "no replication slot is free",
            facts.MaxWalSenders > 0 ? null : "max_wal_senders is 0",
            facts.RoleCanReplicate ? null : "the role lacks REPLICATION",
        ];
        var found = blockers.OfType<string>().ToList();
        return new SourceReplicationBody(
            found.Count == 0, found, facts.WalLevel, facts.MaxWalSenders, facts.MaxReplicationSlots, facts.UsedReplicationSlots, facts.RoleCanReplicate);
    }
}
