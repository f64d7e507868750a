namespace Capyd.Storage.Ids;

/// <summary>Uploaded files, and the slots for them.</summary>
public sealed class UploadKind : IIdKind
{
    public static string Prefix => "upl";
}
