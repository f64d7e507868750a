using System.Security.Cryptography;
using System.Text;

namespace Capyd.Storage.Repository.Sealing;

/// <summary>The file with the secret that opens the repository's data keys. Read anew each time it is needed; never kept.</summary>
public sealed class MasterKeyFile
{
    private const int KeyBytes = 32;
    private const int ShortestPassphrase = 12;
    private const int LongestFile = 4096;

    private MasterKeyFile(string path, bool isPassphrase) => (Path, IsPassphrase) = (path, isPassphrase);

    public string Path { get; }

    public bool IsPassphrase { get; }

    /// <summary>A file of one line: 32 random bytes as 64 hex digits or as base64.</summary>
    public static MasterKeyFile OfKey(string path) => new(path, isPassphrase: false);

    /// <summary>A file of one line: a passphrase of at least 12 characters.</summary>
    public static MasterKeyFile OfPassphrase(string path) => new(path, isPassphrase: true);

    /// <summary>A new line for a key file.</summary>
    public static string NewKeyText() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes));

    /// <exception cref="RepositoryKeyException">The file cannot be read, or holds no such secret.</exception>
    internal MasterKey Read()
    {
        var text = ReadText();
        if (IsPassphrase)
        {
            return text.Length >= ShortestPassphrase
                ? new MasterKey(this, Encoding.UTF8.GetBytes(text))
                : throw new RepositoryKeyException($"the passphrase in {Path} has {text.Length} characters; use {ShortestPassphrase} or more, better a key file from capyd repository key new");
        }

        return Decode(text) is { Length: KeyBytes } key
            ? new MasterKey(this, key)
            : throw new RepositoryKeyException($"{Path} holds no key of {KeyBytes} bytes as 64 hex digits or as base64; capyd repository key new prints one");
    }

    private string ReadText()
    {
        try
        {
            using var file = File.OpenRead(Path);
            if (file.Length > LongestFile)
            {
                throw new RepositoryKeyException($"{Path} has {file.Length} bytes and so is no key file");
            }

            using var reader = new StreamReader(file, Encoding.UTF8);
            return reader.ReadToEnd().TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RepositoryKeyException($"the key of the repository cannot be read: {e.Message} Put it back from your copy; without it nothing in the repository can be read", e);
        }
    }

    private static byte[]? Decode(string text)
    {
        try
        {
            return text.Length == 2 * KeyBytes ? Convert.FromHexString(text) : Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
