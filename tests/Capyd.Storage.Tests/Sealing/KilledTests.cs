using Capyd.Storage.Repository.Sealing;
using Capyd.Storage.Tests.Repository.Chunks;

namespace Capyd.Storage.Tests.Sealing;

/// <summary>Killed between any two steps of a change of keys: something always opens everything, and the same call completes the work.</summary>
public sealed class KilledTests
{
    private const int MoreThanThereAre = 40;

    [Fact]
    public async Task Another_master_key()
    {
        for (var dieAt = 1; dieAt < MoreThanThereAre; dieAt++)
        {
            using var ground = new SealedGround();
            await SealedGround.WriteAsync(await ground.OpenAsync(), "o", [1]);
            await ground.Repository().RotateAsync(ground.Master, default);
            await SealedGround.WriteAsync(await ground.OpenAsync(), "p", [2]);
            var next = ground.WriteKey("next.key");
            var faulty = new FaultyStore(ground.Inner, ground.Root, dieAt);
            var died = await Record.ExceptionAsync(() => ground.Repository(faulty).RewrapAsync(ground.Master, next, null, default)) is KilledException;
            Assert.Equal([1, 2], await ReadWithEitherAsync(ground, next));
            await ground.Repository().RewrapAsync(ground.Master, next, null, default);
            Assert.Equal(2, Directory.GetFiles(ground.FileOf("keys")).Length);
            Assert.Equal([1], await SealedGround.ReadAsync(await ground.OpenAsync(next), "o"));
            if (!died)
            {
                Assert.True(dieAt > 8, "two wraps are written and two removed");
                return;
            }
        }

        Assert.Fail("it never came to its end");
    }

    [Fact]
    public async Task A_new_data_key()
    {
        for (var dieAt = 1; dieAt < MoreThanThereAre; dieAt++)
        {
            using var ground = new SealedGround();
            await SealedGround.WriteAsync(await ground.OpenAsync(), "o", [1]);
            var faulty = new FaultyStore(ground.Inner, ground.Root, dieAt);
            var died = await Record.ExceptionAsync(() => ground.Repository(faulty).RotateAsync(ground.Master, default)) is KilledException;
            var store = await ground.OpenAsync();
            Assert.Equal([1], await SealedGround.ReadAsync(store, "o"));
            Assert.InRange(store.Keys.List().Count, 1, 2);
            if (!died)
            {
                return;
            }
        }

        Assert.Fail("it never came to its end");
    }

    [Fact]
    public async Task The_beginning()
    {
        for (var dieAt = 1; dieAt < MoreThanThereAre; dieAt++)
        {
            using var ground = new SealedGround();
            await SealedGround.WriteAsync(ground.Inner, "o", [1]);
            var faulty = new FaultyStore(ground.Inner, ground.Root, dieAt);
            var died = await Record.ExceptionAsync(() => ground.Repository(faulty).BeginAsync(ground.Master, default)) is KilledException;
            if (await ground.Repository().IsSealedAsync(default) is false)
            {
                Assert.Equal([1], await SealedGround.ReadAsync(await ground.Repository().OpenAsync(null, mayBegin: false, default), "o"));
                await SealedGround.WriteAsync(ground.Inner, "later", [2]);
                await ground.Repository().BeginAsync(ground.Master, default);
                Assert.Equal([2], await SealedGround.ReadAsync(await ground.OpenAsync(), "later"));
            }

            Assert.Equal([1], await SealedGround.ReadAsync(await ground.OpenAsync(), "o"));
            if (!died)
            {
                return;
            }
        }

        Assert.Fail("it never came to its end");
    }

    private static async Task<byte[]> ReadWithEitherAsync(SealedGround ground, MasterKeyFile next)
    {
        try
        {
            return await ReadBothAsync(await ground.OpenAsync());
        }
        catch (RepositoryKeyException)
        {
            return await ReadBothAsync(await ground.OpenAsync(next));
        }
    }

    private static async Task<byte[]> ReadBothAsync(SealedObjectStore store) => [.. await SealedGround.ReadAsync(store, "o"), .. await SealedGround.ReadAsync(store, "p")];
}
