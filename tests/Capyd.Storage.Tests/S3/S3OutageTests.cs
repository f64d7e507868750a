using Capyd.Storage.Repository;
using Capyd.Storage.Repository.S3;

namespace Capyd.Storage.Tests.S3;

[Collection(S3Collection.Name)]
public sealed class S3OutageTests(S3Server server)
{
    private const int MiB = 1024 * 1024;

    [Fact]
    public async Task A_server_that_is_killed_in_mid_upload_leaves_nothing_and_takes_the_same_write_later()
    {
        var ground = await S3Ground.NewAsync(server);
        using var store = ground.NewStore(settings => settings with { Attempts = 3 });
        var bytes = S3Ground.Bytes(30 * MiB);

        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.WriteAsync(
            S3Ground.Name,
            async (stream, ct) =>
            {
                await stream.WriteAsync(bytes.AsMemory(0, 12 * MiB), ct);
                server.KillGateway();
                await stream.WriteAsync(bytes.AsMemory(12 * MiB), ct);
            },
            default));
        Assert.Contains(server.Endpoint.Authority, error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ExistsAsync(S3Ground.Name, default));
        await server.StartGatewayAsync();

        Assert.Empty(await S3Ground.ListAsync(store));
        Assert.Equal(1, await ground.UnfinishedAsync());
        var written = await S3Ground.WriteAsync(store, S3Ground.Name, bytes);
        Assert.Equal(written.Sha256, await S3Ground.DigestAsync(store, S3Ground.Name));
        using var later = new S3ObjectStore(ground.Settings, new ShiftedClock(TimeSpan.FromMinutes(5)));
        Assert.Equal(1, await later.AbortForgottenUploadsAsync(TimeSpan.FromMinutes(1), default));
        Assert.Equal(written.Sha256, await S3Ground.DigestAsync(store, S3Ground.Name));
    }

    [Fact]
    public async Task Waiting_for_a_store_that_is_away_ends_when_it_is_cancelled()
    {
        var ground = await S3Ground.NewAsync(server);
        using var store = ground.NewStore(settings => settings with { Endpoint = new Uri("http://127.0.0.1:9"), RetryBase = TimeSpan.FromHours(1) });
        using var stop = new CancellationTokenSource();

        var writing = store.WriteAsync(S3Ground.Name, (stream, ct) => stream.WriteAsync(new byte[1], ct).AsTask(), stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
    }

    [Theory]
    [InlineData(1000, "PUT ")]
    [InlineData(12 * MiB, "PUT ")]
    [InlineData(12 * MiB, "POST ")]
    public async Task A_write_whose_answer_is_lost_is_done_once(int length, string method)
    {
        var ground = await S3Ground.NewAsync(server);
        await using var proxy = new CuttingProxy(server.Endpoint);
        using var store = ground.NewStore(settings => settings with { Endpoint = proxy.Endpoint });
        proxy.Lose = line => line.StartsWith(method, StringComparison.Ordinal) && !line.Contains("uploads=", StringComparison.Ordinal);

        var written = await S3Ground.WriteAsync(store, S3Ground.Name, S3Ground.Bytes(length));

        Assert.Equal(1, proxy.Cuts);
        Assert.Equal(written.Sha256, await S3Ground.DigestAsync(store, S3Ground.Name));
        Assert.Equal(0, await ground.UnfinishedAsync());
    }

    [Fact]
    public async Task A_read_goes_on_where_the_connection_broke()
    {
        var ground = await S3Ground.NewAsync(server);
        await using var proxy = new CuttingProxy(server.Endpoint);
        using var store = ground.NewStore(settings => settings with { Endpoint = proxy.Endpoint });
        var written = await S3Ground.WriteAsync(store, S3Ground.Name, S3Ground.Bytes(12 * MiB));
        proxy.CutAfter = 3 * MiB;

        Assert.Equal(written.Sha256, await S3Ground.DigestAsync(store, S3Ground.Name));

        Assert.InRange(proxy.Cuts, 3, 5);
    }

    [Fact]
    public async Task A_read_does_not_go_on_in_other_bytes()
    {
        var ground = await S3Ground.NewAsync(server);
        await using var proxy = new CuttingProxy(server.Endpoint);
        using var store = ground.NewStore(settings => settings with { Endpoint = proxy.Endpoint });
        using var direct = ground.NewStore();
        await S3Ground.WriteAsync(direct, S3Ground.Name, S3Ground.Bytes(12 * MiB));
        (proxy.CutAfter, proxy.CutsLeft) = (2 * MiB, 1);
        await using var stream = await store.OpenReadAsync(S3Ground.Name, default);
        await direct.DeleteAsync(S3Ground.Name, default);
        await S3Ground.WriteAsync(direct, S3Ground.Name, S3Ground.Bytes(12 * MiB, seed: 2));

        var error = await Assert.ThrowsAnyAsync<IOException>(() => stream.CopyToAsync(Stream.Null));

        Assert.Contains("removed or replaced", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_falls_silent_is_given_up()
    {
        var ground = await S3Ground.NewAsync(server);
        await using var proxy = new CuttingProxy(server.Endpoint);
        using var store = ground.NewStore(settings => settings with { Endpoint = proxy.Endpoint, Stall = TimeSpan.FromSeconds(0.5), Attempts = 2 });
        proxy.Silent = true;

        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => S3Ground.WriteAsync(store, S3Ground.Name, [1]));

        Assert.Contains("nothing moved for 0.5 s", error.Message, StringComparison.Ordinal);
    }
}
