namespace Capyd.Storage.Repository.S3;

/// <summary>An access key and its secret, which this type never shows.</summary>
public sealed class S3Credentials(string accessKey, string secretKey)
{
    public string AccessKey => accessKey;

    internal string SecretKey => secretKey;

    public override string ToString() => $"access key {accessKey}";
}
