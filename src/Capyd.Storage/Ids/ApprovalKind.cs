namespace Capyd.Storage.Ids;

/// <summary>Approvals minted by a person on the host.</summary>
public sealed class ApprovalKind : IIdKind
{
    public static string Prefix => "apr";
}
