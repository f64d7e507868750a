using Capyd.Storage.Secrets;

namespace Capyd.Storage.Tests.Secrets;

public sealed class SecretBoxTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string KeyFile => _directory["secret.key"];

    [Fact]
    public void A_secret_opens_again_after_a_restart()
    {
        var box = SecretBox.Open(KeyFile).Seal("pässword", "project:a");

        Assert.Equal("pässword", SecretBox.Open(KeyFile).Unseal(box, "project:a"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        Assert.Equal([KeyFile], Directory.GetFiles(_directory.Root));
    }

    [Fact]
    public void The_same_secret_never_looks_the_same() =>
        Assert.NotEqual(SecretBox.Open(KeyFile).Seal("a", "c"), SecretBox.Open(KeyFile).Seal("a", "c"));

    [Fact]
    public void Any_changed_byte_is_noticed()
    {
        var secrets = SecretBox.Open(KeyFile);
        var box = secrets.Seal("password", "project:a");
        for (var i = 0; i < box.Length; i++)
        {
            var changed = box.ToArray();
            changed[i] ^= 1;
            Assert.Throws<SecretUnreadableException>(() => secrets.Unseal(changed, "project:a"));
        }

        Assert.Throws<SecretUnreadableException>(() => secrets.Unseal([], "project:a"));
    }

    [Fact]
    public void A_secret_belongs_to_its_context_and_its_key()
    {
        var box = SecretBox.Open(KeyFile).Seal("password", "project:a");

        Assert.Throws<SecretUnreadableException>(() => SecretBox.Open(KeyFile).Unseal(box, "project:b"));
        Assert.Throws<SecretUnreadableException>(() => SecretBox.Open(_directory["other.key"]).Unseal(box, "project:a"));
    }

    [Fact]
    public void A_key_file_of_the_wrong_size_is_refused()
    {
        File.WriteAllBytes(KeyFile, new byte[31]);

        var refusal = Assert.Throws<InvalidDataException>(() => SecretBox.Open(KeyFile));
        Assert.Contains("31 bytes", refusal.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();
}
