namespace Capyd.OffHost;

/// <summary>The files with secrets that the configuration of the repository names.</summary>
internal static class SecretFiles
{
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;

    /// <summary>Each with the option that names it.</summary>
    public static IEnumerable<(string Key, string Path)> Of(CapydOptions options)
    {
        (string, string?)[] all =
        [
            ("repository.s3.access_key_file", options.S3.AccessKeyFile), ("repository.s3.secret_key_file", options.S3.SecretKeyFile),
            ("repository.s3.credentials_file", options.S3.CredentialsFile),
            ("repository.encryption.key_file", options.Encryption.KeyFile), ("repository.encryption.passphrase_file", options.Encryption.PassphraseFile),
        ];
        foreach (var (key, path) in all)
        {
            if (path is not null)
            {
                yield return (key, path);
            }
        }
    }

    /// <summary>What is wrong with them, and what to do, by option; empty when all is well.</summary>
    public static IEnumerable<(string Key, string Problem, string Mend)> Problems(CapydOptions options)
    {
        foreach (var (key, path) in Of(options))
        {
            if (ProblemOf(path) is { } problem)
            {
                yield return (key, problem.What, problem.Mend);
            }
        }
    }

    private static (string What, string Mend)? ProblemOf(string path)
    {
        try
        {
            using var _ = File.OpenRead(path);
            return (File.GetUnixFileMode(path) & Others) == 0 ? null : ($"{path} can be read by others, and holds a secret", $"chmod 0640 {path}");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return ($"there is no {path}", "put it there, owned by root:capyd, mode 0640");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ($"{path} cannot be read as {Environment.UserName}: {e.Message}", $"chown root:capyd {path}; chmod 0640 {path}");
        }
    }
}
