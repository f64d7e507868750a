using Capyd.Storage.Repository.Sealing;

namespace Capyd.Storage.Tests.Sealing;

public sealed class RepositoryKeysTests : IDisposable
{
    private readonly SealedGround _ground = new();

    public void Dispose() => _ground.Dispose();

    [Fact]
    public async Task Another_key_is_refused_and_the_message_names_the_data_key_and_the_file()
    {
        await SealedGround.WriteAsync(await _ground.OpenAsync(), "o", [1]);
        var id = (await _ground.OpenAsync()).Keys.List()[0].Id;
        var refused = await Assert.ThrowsAsync<RepositoryKeyException>(() => _ground.OpenAsync(_ground.WriteKey("other.key")));
        Assert.Contains(id.ToString(), refused.Message, StringComparison.Ordinal);
        Assert.Contains("other.key", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_passphrase_opens_what_it_sealed_and_another_does_not()
    {
        var phrase = _ground.WritePassphrase("phrase", "correct horse battery staple");
        await SealedGround.WriteAsync(await _ground.OpenAsync(phrase), "o", [1, 2]);
        Assert.Equal([1, 2], await SealedGround.ReadAsync(await _ground.OpenAsync(phrase), "o"));
        await Assert.ThrowsAsync<RepositoryKeyException>(() => _ground.OpenAsync(_ground.WritePassphrase("wrong", "correct horse battery stable")));
        var kind = await Assert.ThrowsAsync<RepositoryKeyException>(() => _ground.OpenAsync());
        Assert.Contains("opened by a passphrase", kind.Message, StringComparison.Ordinal);
        var text = await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(_ground.FileOf("keys"))));
        Assert.Contains("\"iterations\": 600000", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"iterations\": 600000", "\"iterations\": 1")]
    [InlineData("\"iterations\": 600000", "\"iterations\": 2000000000")]
    [InlineData("2026-", "2027-")]
    public async Task A_wrap_that_was_altered_is_refused(string from, string to)
    {
        var phrase = _ground.WritePassphrase("phrase", "correct horse battery staple");
        await _ground.OpenAsync(phrase);
        var file = Assert.Single(Directory.GetFiles(_ground.FileOf("keys")));
        var text = await File.ReadAllTextAsync(file);
        Assert.Contains(from, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, text.Replace(from, to, StringComparison.Ordinal));
        await Assert.ThrowsAsync<RepositoryKeyException>(() => _ground.OpenAsync(phrase));
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("zz345678901234567890123456789012345678901234567890123456789012zz")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA==")]
    public async Task A_file_without_a_key_is_refused(string text)
    {
        await File.WriteAllTextAsync(_ground.PathOf("bad"), text);
        await Assert.ThrowsAsync<RepositoryKeyException>(() => _ground.OpenAsync(MasterKeyFile.OfKey(_ground.PathOf("bad"))));
        await Assert.ThrowsAsync<RepositoryKeyException>(() => _ground.OpenAsync(MasterKeyFile.OfPassphrase(_ground.PathOf("none"))));
        Assert.Empty(await SealedGround.ListAsync(_ground.Inner));
    }

    [Fact]
    public async Task The_key_may_be_written_as_hex_or_as_base64()
    {
        await SealedGround.WriteAsync(await _ground.OpenAsync(), "o", [7]);
        var key = Convert.FromHexString((await File.ReadAllTextAsync(_ground.PathOf("master.key"))).Trim());
        await File.WriteAllTextAsync(_ground.PathOf("base64"), Convert.ToBase64String(key) + "\r\n");
        Assert.Equal([7], await SealedGround.ReadAsync(await _ground.OpenAsync(MasterKeyFile.OfKey(_ground.PathOf("base64"))), "o"));
    }

    [Fact]
    public async Task A_new_data_key_seals_what_comes_and_old_ones_go_on_opening_what_there_is()
    {
        var running = await _ground.OpenAsync();
        await SealedGround.WriteAsync(running, "old", [1]);
        var rotated = await _ground.Repository().RotateAsync(_ground.Master, default);
        var later = await _ground.OpenAsync();
        await SealedGround.WriteAsync(later, "new", [2]);
        Assert.Equal([2], await SealedGround.ReadAsync(running, "new"));
        Assert.Equal([1], await SealedGround.ReadAsync(later, "old"));
        Assert.Equal([false, true], later.Keys.List().Select(key => key.IsCurrent));
        Assert.Equal(rotated.Id, later.Keys.List()[1].Id);
        Assert.Contains(rotated.Id.ToString(), Convert.ToHexStringLower(await File.ReadAllBytesAsync(_ground.FileOf("new"))), StringComparison.Ordinal);
        Assert.DoesNotContain(rotated.Id.ToString(), Convert.ToHexStringLower(await File.ReadAllBytesAsync(_ground.FileOf("old"))), StringComparison.Ordinal);
        Assert.Equal(2, await running.Keys.VerifyAsync(default));
    }

    [Fact]
    public async Task A_clock_that_went_back_does_not_make_an_old_data_key_the_current_one()
    {
        await _ground.OpenAsync();
        _ground.Clock.Now -= TimeSpan.FromDays(400);
        var rotated = await _ground.Repository().RotateAsync(_ground.Master, default);
        Assert.Equal(rotated.Id, Assert.Single((await _ground.OpenAsync()).Keys.List(), key => key.IsCurrent).Id);
    }

    [Fact]
    public async Task Another_master_key_takes_over_and_the_old_one_opens_nothing_any_more()
    {
        await SealedGround.WriteAsync(await _ground.OpenAsync(), "o", [1]);
        await _ground.Repository().RotateAsync(_ground.Master, default);
        var next = _ground.WritePassphrase("phrase", "correct horse battery staple");
        Assert.Equal(2, await _ground.Repository().RewrapAsync(_ground.Master, next, null, default));
        Assert.Equal([1], await SealedGround.ReadAsync(await _ground.OpenAsync(next), "o"));
        await Assert.ThrowsAsync<RepositoryKeyException>(() => _ground.OpenAsync());
        Assert.Equal(2, Directory.GetFiles(_ground.FileOf("keys")).Length);
        Assert.Equal(2, await _ground.Repository().RewrapAsync(next, next, null, default));
    }

    [Fact]
    public async Task A_wrong_old_key_changes_nothing()
    {
        await _ground.OpenAsync();
        var before = Directory.GetFiles(_ground.FileOf("keys"));
        await Assert.ThrowsAsync<RepositoryKeyException>(() => _ground.Repository().RewrapAsync(_ground.WriteKey("wrong"), _ground.WriteKey("next"), null, default));
        Assert.Equal(before, Directory.GetFiles(_ground.FileOf("keys")));
    }

    [Fact]
    public async Task The_check_finds_a_key_file_that_was_lost_or_replaced_and_a_data_key_that_is_gone()
    {
        var store = await _ground.OpenAsync();
        Assert.Equal(1, await store.Keys.VerifyAsync(default));
        var kept = await File.ReadAllTextAsync(_ground.PathOf("master.key"));
        _ground.WriteKey("master.key");
        await Assert.ThrowsAsync<RepositoryKeyException>(() => store.Keys.VerifyAsync(default));
        File.Delete(_ground.PathOf("master.key"));
        var lost = await Assert.ThrowsAsync<RepositoryKeyException>(() => store.Keys.VerifyAsync(default));
        Assert.Contains("master.key", lost.Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(_ground.PathOf("master.key"), kept);
        Assert.Equal(1, await store.Keys.VerifyAsync(default));
        Directory.Delete(_ground.FileOf("keys"), recursive: true);
        var gone = await Assert.ThrowsAsync<RepositoryKeyException>(() => store.Keys.VerifyAsync(default));
        Assert.Contains("no longer in the repository", gone.Message, StringComparison.Ordinal);
    }
}
