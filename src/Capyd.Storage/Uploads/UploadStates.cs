namespace Capyd.Storage.Uploads;

/// <summary>The words that the schema accepts as the state of an upload.</summary>
public static class UploadStates
{
    public const string Open = "open";
    public const string Receiving = "receiving";
    public const string Uploaded = "uploaded";
}
