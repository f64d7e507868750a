namespace Capyd.Imports;

/// <summary>What an import job has to know. The source URL is sealed apart from it, and forgotten when the job ends.</summary>
internal sealed record ImportPayload(string? UploadId, bool Confirm, bool Recreate)
{
    /// <summary>What the sealed URL belongs to.</summary>
    public static string Context(ProjectId project) => $"import:{project}";
}
