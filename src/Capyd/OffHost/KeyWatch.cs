using Capyd.Storage.Repository.Sealing;

namespace Capyd.OffHost;

/// <summary>Takes up a data key that a command made beside the daemon, so that what is written from then on is sealed with it.</summary>
internal sealed partial class KeyWatch(OpenedRepository repository, ILogger<KeyWatch> logger) : IDueWork
{
    private string? _said;

    public string Name => "data keys of the repository";

    public async Task TickAsync(CancellationToken stopping)
    {
        if (repository.Keys is not { } keys)
        {
            return;
        }

        try
        {
            if (await keys.NoticeAsync(stopping))
            {
                LogTaken(keys.List()[^1].Id);
            }

            _said = null;
        }
        catch (Exception e) when (e is RepositoryKeyException or InvalidDataException)
        {
            if (_said != e.Message)
            {
                LogClosed(e.Message);
            }

            _said = e.Message;
        }
        catch (IOException)
        {
            // The repository is away, which others say; a key that was made here is seen without it.
        }
    }

    [LoggerMessage(9720, LogLevel.Information, "data key {Key} was made, and seals what is written from now on")]
    private partial void LogTaken(DataKeyId key);

    [LoggerMessage(9721, LogLevel.Error, "there is a data key that cannot be taken up; what is written is sealed with the one before: {Problem}")]
    private partial void LogClosed(string problem);
}
