namespace Capyd.Doctor;

/// <summary>Who may read and write capyd's files.</summary>
internal sealed class FileChecks(CapydOptions options, DataDirectory directories)
{
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    public IEnumerable<Finding> Run() =>
    [
        Secret("secret key", directories.SecretKey, Others | UnixFileMode.GroupRead | UnixFileMode.GroupWrite, "chmod 0600"),
        Secret("configuration file", ConfigurationLoader.DefaultFile, Others, "chmod 0640"),
        Writable("state directory", directories.Root, "chown -R capyd:capyd"),
        Directory.Exists(directories.Repository) ? Writable("repository", directories.Repository, "chown -R capyd:capyd") : NotYet(),
    ];

    private static Finding Secret(string check, string path, UnixFileMode tooMuch, string mend)
    {
        try
        {
            return (File.GetUnixFileMode(path) & tooMuch) == 0
                ? Finding.Pass(check, $"{path} is closed to others")
                : Finding.Fail(check, $"{path} can be read by others, and may hold secrets", $"{mend} {path}");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Finding.Pass(check, $"there is no {path}");
        }
        catch (UnauthorizedAccessException)
        {
            return Finding.Fail(check, $"{path} cannot be looked at as {Environment.UserName}", $"chown root:capyd {path}");
        }
    }

    /// <summary>The first backup makes it, where it may.</summary>
    private Finding NotYet() => Path.GetDirectoryName(directories.Repository) is { } above && Directory.Exists(above) && Writable("repository", above, "") is { Result: "pass" }
        ? Finding.Pass("repository", $"{directories.Repository} is made by the first backup")
        : Finding.Fail("repository", $"there is no {directories.Repository}", $"install -d -o capyd -g capyd -m 0700 {directories.Repository}");

    /// <summary>Tried, not reckoned: a read-only mount and a service's confinement refuse as well as an owner does.</summary>
    private Finding Writable(string check, string path, string mend)
    {
        var probe = Path.Combine(path, $".doctor-{Environment.ProcessId}");
        try
        {
            using (new FileStream(probe, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose }))
            {
                return Finding.Pass(check, $"{path} can be written");
            }
        }
        catch (DirectoryNotFoundException)
        {
            return Finding.Fail(check, $"there is no {path}", $"install -d -o capyd -g capyd -m 0700 {path}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var elsewhere = options.Backups.Directory == path ? $"; when the service is confined: systemctl edit capyd, [Service], ReadWritePaths={path}" : "";
            return Finding.Fail(check, $"{path} cannot be written: {e.Message}", $"{mend} {path}{elsewhere}");
        }
    }
}
