namespace Capyd.Cli;

/// <summary>Opens the metadata for an operator command; a daemon may be running on it.</summary>
internal static class OperatorMetadata
{
    /// <summary>Runs the command on the metadata and turns what goes wrong into a line and an exit code.</summary>
    public static async Task<int> RunAsync(CapydOptions? options, Func<MetadataDatabase, CapydOptions, Task<int>> command)
    {
        if (options is null)
        {
            return ExitCode.Usage;
        }

        try
        {
            var directories = new DataDirectory(options);
            directories.Create();
            using var metadata = MetadataDatabase.Open(directories.Metadata, TimeProvider.System);
            await FirstStart.EnsureAsync(metadata, options, TimeProvider.System);
            return await command(metadata, options);
        }
        catch (CapydException e)
        {
            await Console.Error.WriteLineAsync($"capyd: {e.Message}{(e.Hint is null ? "" : $" ({e.Hint})")}");
            return e.Code.Status == 404 ? ExitCode.Missing : ExitCode.Usage;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or MetadataException)
        {
            await Console.Error.WriteLineAsync($"capyd: {e.Message}");
            return ExitCode.Failed;
        }
    }
}
