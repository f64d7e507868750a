namespace Capyd.Storage.Previews;

/// <summary>A disposable database of a project, with its own role and an end.</summary>
public sealed record PreviewRow
{
    public required PreviewId Id { get; init; }

    public required ProjectId ProjectId { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    /// <summary>Unique among the project's previews that are not deleted.</summary>
    public required string Name { get; init; }

    /// <summary><c>clone</c> or <c>empty</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>One of <see cref="PreviewStates"/>.</summary>
    public required string State { get; init; }

    public required string DatabaseName { get; init; }

    public required string RoleName { get; init; }

    /// <summary>Encrypted; empty once the preview is deleted.</summary>
    public required byte[] PasswordSealed { get; init; }

    public required int TtlHours { get; init; }

    public required DateTimeOffset TtlExpiresAt { get; init; }

    /// <summary>Whether the content came from the live database, a backup or a point in time.</summary>
    public string? SourceKind { get; init; }

    public string? SourceDatabase { get; init; }

    public string? SourceBackupKey { get; init; }

    public DateTimeOffset? SourceRestoreTime { get; init; }

    public string? LastError { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }
}
