using System.Collections;
using System.CommandLine;
using Capyd.OffHost;

namespace Capyd.Repository;

/// <summary>Where the repository of a lost host is: a directory, a bucket, or what a configuration file says.</summary>
internal sealed class RecoverPlace
{
    private readonly Option<string?> _repository = new("--repository") { Description = "The repository of the lost host, or a copy of it.", HelpName = "DIR" };
    private readonly Option<string?> _config = new("--config") { Description = "A configuration file that names the repository, its credentials and its key.", HelpName = "FILE" };
    private readonly Option<string?> _s3 = new("--s3") { Description = "The bucket in which the repository is. Credentials: --s3-credentials, or CAPYD_REPOSITORY_S3_…_FILE in the environment.", HelpName = "ENDPOINT/BUCKET/PREFIX" };
    private readonly Option<string?> _credentials = new("--s3-credentials") { Description = "A file with the bucket's credentials, as AWS's own tools write it.", HelpName = "FILE" };
    private readonly Option<string?> _key = new("--key-file") { Description = "The master key of an encrypted repository.", HelpName = "FILE" };
    private readonly Option<string?> _passphrase = new("--passphrase-file") { Description = "Its passphrase, in place of the key.", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_repository, _config, _s3, _credentials, _key, _passphrase])
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="CapydException">400: it is not said where, or not clearly.</exception>
    public RepositoryOpener Of(ParseResult parsed)
    {
        var (directory, s3, config) = (parsed.GetValue(_repository), parsed.GetValue(_s3), parsed.GetValue(_config));
        var options = Configured(config, directory is not null || s3 is not null ? Others() : Environment.GetEnvironmentVariables());
        if ((directory is null ? 0 : 1) + (s3 is null ? 0 : 1) + (config is null ? 0 : 1) != 1 && !(config is null && options.S3.IsOn))
        {
            throw CapydException.Invalid("it is not clear where the repository is", "give one of --repository DIR, --s3 ENDPOINT/BUCKET/PREFIX and --config FILE");
        }

        options.Backups.Directory = directory is null ? options.Backups.Directory : Path.GetFullPath(directory);
        if (s3 is not null)
        {
            Take(s3, options.S3);
        }

        options.S3.CredentialsFile = Full(parsed.GetValue(_credentials)) ?? options.S3.CredentialsFile;
        options.Encryption.KeyFile = Full(parsed.GetValue(_key)) ?? options.Encryption.KeyFile;
        options.Encryption.PassphraseFile = Full(parsed.GetValue(_passphrase)) ?? options.Encryption.PassphraseFile;
        return Checked(options);
    }

    /// <summary>Everything but where the repository is.</summary>
    private static Hashtable Others()
    {
        var kept = new Hashtable(Environment.GetEnvironmentVariables());
        foreach (var place in (string[])["CAPYD_REPOSITORY_DIRECTORY", "CAPYD_REPOSITORY_S3_ENDPOINT", "CAPYD_REPOSITORY_S3_BUCKET", "CAPYD_REPOSITORY_S3_PREFIX"])
        {
            kept.Remove(place);
        }

        return kept;
    }

    /// <summary>What does not go together is said when everything is known.</summary>
    private static CapydOptions Configured(string? file, IDictionary environment)
    {
        // Without a file of its own the command does not look at this host's; nor at a spool that somebody has put where it might look.
        var nowhere = Path.Combine(Path.GetTempPath(), $"capyd-recover-{Guid.NewGuid():N}");
        var loaded = ConfigurationLoader.Load(new ConfigurationFlags(File: file, DataDir: file is null ? nowhere : null), environment);
        return loaded.Problems.FirstOrDefault(problem => !problem.StartsWith("repository.", StringComparison.Ordinal)) is { } problem
            ? throw CapydException.Invalid(problem, "capyd check-config says everything that is wrong with a configuration")
            : loaded.Options;
    }

    /// <summary>A plain http address was typed on purpose.</summary>
    private static void Take(string text, S3Options s3)
    {
        var parts = Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url.AbsolutePath.Trim('/').Split('/', 2) : [];
        if (parts is not [{ Length: > 0 } bucket, ..])
        {
            throw CapydException.Invalid($"--s3: '{text}' names no bucket", "write it like https://s3.eu-central-1.amazonaws.com/example-capyd/main");
        }

        (s3.Endpoint, s3.Bucket, s3.Prefix) = (new Uri(url!.GetLeftPart(UriPartial.Authority)), bucket, parts.Length > 1 ? parts[1] : "");
        s3.AllowHttp = true;
    }

    private static RepositoryOpener Checked(CapydOptions options)
    {
        var problem = options.S3.Problems(options.Backups.Directory).FirstOrDefault() ?? options.Encryption.Problem;
        return problem is null ? new RepositoryOpener(options, TimeProvider.System) : throw CapydException.Invalid(problem, "see capyd recover --help");
    }

    private static string? Full(string? path) => path is null ? null : Path.GetFullPath(path);
}
