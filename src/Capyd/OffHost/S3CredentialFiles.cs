using Capyd.Storage.Repository;
using Capyd.Storage.Repository.S3;

namespace Capyd.OffHost;

/// <summary>The credentials of a bucket, read from their files each time they are needed, so that new ones are taken without a restart.</summary>
internal static class S3CredentialFiles
{
    private const int LongestFile = 64 * 1024;

    /// <exception cref="StoreRefusedException">They cannot be read.</exception>
    public static S3Credentials Read(S3Options options)
    {
        try
        {
            return options.CredentialsFile is { } both ? OfProfile(both) : new S3Credentials(Line(options.AccessKeyFile!), Line(options.SecretKeyFile!));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreRefusedException("NoCredentials", $"The credentials of the bucket cannot be read: {e.Message}", e);
        }
    }

    private static string Line(string path) => Text(path).Trim() is { Length: > 0 } line && !line.Any(char.IsWhiteSpace)
        ? line
        : throw new StoreRefusedException("NoCredentials", $"{path} wants one line with one key.");

    /// <summary>The first profile of a file such as <c>~/.aws/credentials</c>.</summary>
    private static S3Credentials OfProfile(string path)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in Text(path).Split('\n'))
        {
            if (line.Split('=', 2) is [var name, var value])
            {
                values.TryAdd(name.Trim(), value.Trim());
            }
        }

        return values.TryGetValue("aws_access_key_id", out var access) && values.TryGetValue("aws_secret_access_key", out var secret)
            ? new S3Credentials(access, secret)
            : throw new StoreRefusedException("NoCredentials", $"{path} wants aws_access_key_id = … and aws_secret_access_key = ….");
    }

    private static string Text(string path)
    {
        using var file = File.OpenRead(path);
        if (file.Length > LongestFile)
        {
            throw new StoreRefusedException("NoCredentials", $"{path} has {file.Length} bytes and so holds no credentials.");
        }

        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
