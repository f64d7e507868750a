using Capyd.Auth;
using Capyd.Cluster;
using Capyd.Jobs;
using Capyd.OffHost;
using Capyd.Scheduling;
using Capyd.Service;
using Capyd.Storage.Repository;
using Microsoft.Extensions.Logging.Console;

namespace Capyd.Hosting;

/// <summary><c>capyd serve</c>: everything is put together here, started in order, and stopped in the opposite one.</summary>
internal static class Daemon
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(CapydOptions options, ConfigurationSource source)
    {
        MemoryHabits.Adopt();
        var directories = new DataDirectory(options);
        directories.Create();
        using var held = directories.TakeLock();
        using var metadata = MetadataDatabase.Open(directories.Metadata, TimeProvider.System);
        await FirstStart.EnsureAsync(metadata, options, TimeProvider.System);
        using var repository = await OpenRepositoryAsync(new RepositoryOpener(options, TimeProvider.System));
        await using var app = Build(options, source, metadata, repository);
        await app.Services.GetRequiredService<LeftoverSweep>().RunLocalAsync();
        var socket = new OperatorSocket(directories, options, TimeProvider.System);
        socket.MakeRoom();
        await app.StartAsync();
        await socket.OpenAsync();
        if (socket.Url is null)
        {
            app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Daemon)).LogNoSocket(directories.Socket);
        }

        await WorkAsync(app);
        return 0;
    }

    /// <summary>Waits for a bucket that this host has never seen, as at a boot before the network: systemd would soon start capyd no more.</summary>
    private static async Task<OpenedRepository> OpenRepositoryAsync(RepositoryOpener opener)
    {
        for (var said = false; ; said = true)
        {
            try
            {
                return await opener.OpenAsync(mayBegin: true, CancellationToken.None);
            }
            catch (StoreUnavailableException e)
            {
                await (said ? Task.CompletedTask : Console.Error.WriteLineAsync($"capyd: {e.Message} This host has not seen it yet, so capyd waits for it."));
                await Task.Delay(BetweenLooks, TimeProvider.System);
            }
        }
    }

    private static WebApplication Build(CapydOptions options, ConfigurationSource source, MetadataDatabase metadata, OpenedRepository repository)
    {
        var directories = new DataDirectory(options);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = "/", ApplicationName = "capyd", EnvironmentName = Environments.Production });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.Limits.BodyBytes;
        });

        // A request runs on the thread that read it, and a large answer is not handed back and forth. It is unsafe only where the runtime
        // runs completions on the threads that poll the sockets, which has to be asked for.
        builder.WebHost.UseSockets(static sockets => sockets.UnsafePreferInlineScheduling = true);
        var socket = new OperatorSocket(directories, options, TimeProvider.System).Url;
        builder.WebHost.UseUrls(socket is null ? [options.Listen] : [options.Listen, socket]);
        var threshold = new LogThreshold(options.LogLevel);
        AddLogging(builder.Logging, threshold);
        builder.Services.AddSingleton(source).AddSingleton(threshold);
        builder.Services.AddRoutingCore().AddSingleton(options).AddSingleton(directories).AddSingleton(metadata).AddSingleton(repository).AddSingleton(TimeProvider.System);
        builder.Services.ConfigureHttpJsonOptions(json => CapydModules.AddJson(json.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        builder.Services.AddSingleton<IHostLifetime, Microsoft.Extensions.Hosting.Internal.ConsoleLifetime>();
        CapydModules.AddServices(builder.Services);
        ApiDocument.AddServices(builder.Services);
        var app = builder.Build();
        app.UseMiddleware<RequestMiddleware>();
        app.UseRouting();
        app.UseMiddleware<AuthenticationMiddleware>();
        CapydModules.MapEndpoints(app);
        ApiDocument.Map(app);
        return app;
    }

    private static void AddLogging(ILoggingBuilder logging, LogThreshold threshold)
    {
        var underJournal = Environment.GetEnvironmentVariable("JOURNAL_STREAM") is not null;
        _ = underJournal
            ? logging.AddSystemdConsole(console => console.IncludeScopes = true)
            : logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.IncludeScopes = true;
                console.ColorBehavior = LoggerColorBehavior.Disabled;
                console.TimestampFormat = "HH:mm:ss.fff ";
                console.UseUtcTimestamp = true;
            });
        logging.SetMinimumLevel(LogLevel.Trace).AddFilter(threshold.Passes);
    }

    /// <summary>The loops run until the host is asked to stop; jobs stop at a safe point first, PostgreSQL last.</summary>
    private static async Task WorkAsync(WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        var server = app.Services.GetRequiredService<PostgresServer>();
        using var serverStops = new CancellationTokenSource();
        var watch = server.RunAsync(serverStops.Token);
        var loops = app.Services.GetServices<IBackgroundLoop>().Select(loop => loop.RunAsync(stopping));
        Task[] work = [RunJobsAsync(app.Services, server, stopping), app.Services.GetRequiredService<Ticker>().RunAsync(stopping), .. loops];
        foreach (var loop in work.Append(watch))
        {
            _ = StopWhenFaultedAsync(loop, app);
        }

        await app.WaitForShutdownAsync();
        await Task.WhenAll(work);
        await serverStops.CancelAsync();
        await watch;
    }

    private static async Task StopWhenFaultedAsync(Task loop, WebApplication app)
    {
        await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (loop.IsFaulted)
        {
            app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Daemon)).LogLoopEnded(loop.Exception);
            app.Lifetime.StopApplication();
        }
    }

    private static async Task RunJobsAsync(IServiceProvider services, PostgresServer server, CancellationToken stopping)
    {
        try
        {
            FilePages.Look();
            await server.WaitUntilAnsweringAsync(stopping);
            await services.GetRequiredService<LeftoverSweep>().RunOnServerAsync(stopping);
            MemoryHabits.GiveBack();
            await services.GetRequiredService<JobWorker>().RunAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Daemon)).LogStopped();
        }
    }
}
