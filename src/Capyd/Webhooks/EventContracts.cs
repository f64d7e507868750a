using Capyd.Jobs;
using Capyd.Projects;

namespace Capyd.Webhooks;

/// <summary>The body that an endpoint receives (contract D.13).</summary>
/// <param name="Id"><c>evt_…</c>; the same for each endpoint and each repeat.</param>
internal sealed record EventEnvelope(string Id, string Type, DateTimeOffset CreatedAt, EventData Data);

/// <summary>What an event is about; only what is known of it is there, and never a secret.</summary>
internal sealed record EventData(
    JobBody? Job = null, ProjectBody? Project = null, EventPreview? Preview = null, EventBackup? Backup = null, EventAlert? Alert = null,
    string? EndpointId = null);

internal sealed record EventPreview(
    string Id, string ProjectId, string Name, string Mode, string State, string DatabaseName, DateTimeOffset TtlExpiresAt, string? LastError,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

internal sealed record EventBackup(
    string Id, string ProjectId, string BackupKey, string? Label, long SizeBytes, string? Sha256, string State, string VerificationState,
    DateTimeOffset? VerifiedAt, DateTimeOffset CreatedAt);

/// <summary>Contract B.12.</summary>
internal sealed record EventAlert(
    string Id, string ProjectId, string Kind, string Severity, long ObservedValue, long LimitValue, DateTimeOffset TriggeredAt,
    DateTimeOffset? AcknowledgedAt, DateTimeOffset? ResolvedAt);
