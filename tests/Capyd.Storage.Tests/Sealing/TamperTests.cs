namespace Capyd.Storage.Tests.Sealing;

/// <summary>What somebody who can write into the repository might do to a sealed object. Nothing of it may go unseen.</summary>
public sealed class TamperTests : IDisposable
{
    private const int Frame = 65_536;
    private const int Stored = Frame + 16;
    private const int Header = 40;
    private const int Size = (3 * Frame) + 1000;

    private readonly SealedGround _ground = new();

    public void Dispose() => _ground.Dispose();

    [Theory]
    [InlineData(0)] // magic
    [InlineData(8)] // version
    [InlineData(9)] // frame size
    [InlineData(12)] // reserved
    [InlineData(16)] // id of the data key
    [InlineData(30)] // salt
    [InlineData(Header)] // first byte of the first frame
    [InlineData(Header + Frame)] // its tag
    [InlineData(Header + Stored + 77)]
    [InlineData(-17)] // last byte of the last frame
    [InlineData(-1)] // its tag
    public async Task A_flipped_bit_is_found(int at)
    {
        await TamperAsync(bytes =>
        {
            bytes[at < 0 ? bytes.Length + at : at] ^= 0x20;
            return bytes;
        });
        await RefusedAsync(readAt: at is < 0 ? Size - 1 : at < Header ? 0 : at - Header - 16);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(Header)]
    [InlineData(Header + 16)]
    [InlineData(Header + Stored - 1)]
    [InlineData(Header + Stored)]
    [InlineData(Header + Stored + 16)]
    [InlineData(Header + (2 * Stored))]
    [InlineData(Header + (3 * Stored))]
    [InlineData(Header + (3 * Stored) + 500)]
    public async Task An_object_that_was_cut_is_found(int length)
    {
        await TamperAsync(bytes => bytes[..length]);
        await RefusedAsync(readAt: Math.Max(0, length - Header - 17));
    }

    [Fact]
    public async Task An_object_cut_at_a_frame_refuses_also_what_lies_behind_its_new_end()
    {
        await TamperAsync(bytes => bytes[..(Header + (2 * Stored))]);
        var store = await _ground.OpenAsync();
        await Assert.ThrowsAsync<EndOfStreamException>(() => store.ReadAtAsync(SealedGround.Name("o"), 2 * Frame, new byte[1], default));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(Stored)]
    public async Task Bytes_behind_the_end_are_found(int more)
    {
        await TamperAsync(bytes => [.. bytes, .. bytes[Header..(Header + more)]]);
        await RefusedAsync(readAt: Size - 1);
    }

    [Fact]
    public async Task Frames_in_another_order_are_found()
    {
        await TamperAsync(bytes => [.. bytes[..Header], .. bytes[(Header + Stored)..(Header + (2 * Stored))], .. bytes[Header..(Header + Stored)], .. bytes[(Header + (2 * Stored))..]]);
        await RefusedAsync(readAt: 0);
        await RefusedAsync(readAt: Frame);
    }

    [Fact]
    public async Task A_frame_that_was_left_out_is_found()
    {
        await TamperAsync(bytes => [.. bytes[..(Header + Stored)], .. bytes[(Header + (2 * Stored))..]]);
        await RefusedAsync(readAt: Frame);
    }

    [Fact]
    public async Task Two_objects_that_changed_their_names_are_found()
    {
        var store = await _ground.OpenAsync();
        await SealedGround.WriteAsync(store, "o", SealedGround.Content(Size, 1));
        await SealedGround.WriteAsync(store, "p", SealedGround.Content(Size, 2));
        File.Move(_ground.FileOf("o"), _ground.FileOf("aside"));
        File.Move(_ground.FileOf("p"), _ground.FileOf("o"));
        File.Move(_ground.FileOf("aside"), _ground.FileOf("p"));
        await RefusedAsync(readAt: 0);
        await Assert.ThrowsAsync<InvalidDataException>(() => SealedGround.ReadAsync(store, "p"));
    }

    [Fact]
    public async Task A_frame_of_another_object_is_found()
    {
        var store = await _ground.OpenAsync();
        await SealedGround.WriteAsync(store, "p", SealedGround.Content(Size, 2));
        var foreign = await File.ReadAllBytesAsync(_ground.FileOf("p"));
        await TamperAsync(bytes => [.. bytes[..Header], .. foreign[Header..(Header + Stored)], .. bytes[(Header + Stored)..]]);
        await RefusedAsync(readAt: 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(100_000)]
    public async Task A_plain_object_in_its_place_is_found(int length)
    {
        await TamperAsync(_ => SealedGround.Content(length, 9));
        await RefusedAsync(readAt: 0);
    }

    [Fact]
    public async Task An_object_sealed_with_a_key_of_somebody_else_is_found()
    {
        using var foreign = new SealedGround();
        await SealedGround.WriteAsync(await foreign.OpenAsync(), "o", SealedGround.Content(Size));
        var bytes = await File.ReadAllBytesAsync(foreign.FileOf("o"));
        await TamperAsync(_ => bytes);
        await RefusedAsync(readAt: 0);
    }

    [Fact]
    public async Task An_old_state_of_the_same_name_is_not_told_apart_and_its_digest_has_to()
    {
        // Whoever controls the store can put back what was there before: nothing that lies in the store can prevent that.
        var store = await _ground.OpenAsync();
        await SealedGround.WriteAsync(store, "o", SealedGround.Content(10, 1));
        var old = await File.ReadAllBytesAsync(_ground.FileOf("o"));
        await store.DeleteAsync(SealedGround.Name("o"), default);
        await SealedGround.WriteAsync(store, "o", SealedGround.Content(10, 2));
        await File.WriteAllBytesAsync(_ground.FileOf("o"), old);
        Assert.Equal(SealedGround.Content(10, 1), await SealedGround.ReadAsync(store, "o"));
    }

    private async Task TamperAsync(Func<byte[], byte[]> change)
    {
        var store = await _ground.OpenAsync();
        await SealedGround.WriteAsync(store, "o", SealedGround.Content(Size));
        await File.WriteAllBytesAsync(_ground.FileOf("o"), change(await File.ReadAllBytesAsync(_ground.FileOf("o"))));
    }

    /// <summary>Read as a whole, and at one place; also by a store that has read it before.</summary>
    private async Task RefusedAsync(int readAt)
    {
        var store = await _ground.OpenAsync();
        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => SealedGround.ReadAsync(store, "o"));
        Assert.DoesNotContain("key-file", refused.Message, StringComparison.Ordinal);
        for (var again = 0; again < 2; again++)
        {
            var error = await Record.ExceptionAsync(() => store.ReadAtAsync(SealedGround.Name("o"), Math.Min(readAt, Size - 1), new byte[1], default));
            Assert.True(error is InvalidDataException or EndOfStreamException, $"{error}");
        }
    }
}
