using System.IO.Compression;
using System.Text;

namespace Capyd.SystemTests.Importing;

/// <summary>From files, good ones and bad ones.</summary>
public sealed class ImportByUploadTests(ImportGround ground) : IClassFixture<ImportGround>
{
    private ApiClient Api => ground.Api;

    [SystemTheory]
    [InlineData("custom")]
    [InlineData("plain")]
    [InlineData("plain.gz")]
    [InlineData("plain.zst")]
    [InlineData("custom.gz")]
    [InlineData("tar")]
    public async Task A_dump_is_imported_as_it_is_and_its_file_goes(string kind)
    {
        var database = "file_" + kind.Replace('.', '_');
        var source = await ground.NewSourceAsync(database);
        var file = await ground.DumpAsync(database, "--format", kind.Split('.')[0]);
        file = kind.EndsWith("gz", StringComparison.Ordinal) ? Gzip(file) : kind.EndsWith("zst", StringComparison.Ordinal) ? await ZstdAsync(file) : file;
        var project = await Api.NewProjectAsync($"File {kind}");
        var key = await Api.UploadAsync(project, file);
        var job = await Api.CompletedAsync(await ground.ImportAsync(project, new JsonObject { ["upload_key"] = key }));
        var url = await Api.UrlAsync(project);
        Assert.Equal(await ProjectCalls.ContentAsync(source), await ProjectCalls.ContentAsync(url));
        Assert.Equal(await ProjectCalls.ObjectsAsync(source), await ProjectCalls.ObjectsAsync(url));
        Assert.Equal(kind.Split('.')[0], job["result"]!["report"]!.Text("format"));
        (await ground.ImportAsync(project, new JsonObject { ["upload_key"] = key, ["confirm"] = true, ["recreate"] = true })).Refused(404, "upload not found");
    }

    [SystemTheory]
    [InlineData("garbage", "")]
    [InlineData("shell", "\\!")]
    [InlineData("program", "nowhere")]
    [InlineData("broken", "no_such_table")]
    [InlineData("truncated", "")]
    public async Task A_bad_file_changes_nothing_and_the_job_says_what_was_wrong(string kind, string words)
    {
        var canary = Path.Combine(Path.GetTempPath(), $"capyd-canary-{kind}-{Guid.NewGuid():n}");
        var project = await Api.NewProjectAsync($"Bad file {kind}");
        await ProjectCalls.FillAsync(await Api.UrlAsync(project), 20);
        var before = await ProjectCalls.ContentAsync(await Api.UrlAsync(project));
        var key = await Api.UploadAsync(project, await BadAsync(kind, canary));
        var error = await ground.FailedImportAsync(project, new JsonObject { ["upload_key"] = key, ["confirm"] = true, ["recreate"] = true });
        Assert.True(words == "nowhere" || error.Contains(words, StringComparison.Ordinal), error);
        Assert.Equal(before, await ProjectCalls.ContentAsync(await Api.UrlAsync(project)));
        Assert.False(File.Exists(canary), $"the file made {canary}");
        await Until.TrueAsync("nothing of it is left on disk", () => Task.FromResult(!Directory.EnumerateDirectories(Path.Combine(ground.Daemon.DataDirectory, "imports")).Any()));
    }

    [SystemFact]
    public async Task A_file_that_failed_may_be_imported_again()
    {
        await ground.NewSourceAsync("again");
        var project = await Api.NewProjectAsync("Again");
        var key = await Api.UploadAsync(project, await ground.DumpAsync("again", "--format", "custom"));
        await ground.Daemon.Metadata.ExecuteAsync($"UPDATE projects SET storage_limit_bytes = 1048576 WHERE id = '{project}'");
        await ground.FailedImportAsync(project, new JsonObject { ["upload_key"] = key });
        await ground.Daemon.Metadata.ExecuteAsync($"UPDATE projects SET storage_limit_bytes = 1073741824 WHERE id = '{project}'");
        await Api.CompletedAsync(await ground.ImportAsync(project, new JsonObject { ["upload_key"] = key }));
        Assert.Null((await Api.ProjectAsync(project)).TextOrNull("last_error"));
    }

    private async Task<byte[]> BadAsync(string kind, string canary)
    {
        switch (kind)
        {
            case "garbage":
                return Encoding.UTF8.GetBytes("\u0001\u0002 this is no dump at all");
            case "shell":
                return Encoding.UTF8.GetBytes($"CREATE TABLE t (n int);\n\\! touch {canary}\n");
            case "program":
                return Encoding.UTF8.GetBytes($"CREATE TABLE t (n int);\nCOPY t FROM PROGRAM 'touch {canary}';\n");
            case "broken":
                return Encoding.UTF8.GetBytes("CREATE TABLE t (n int);\nINSERT INTO no_such_table VALUES (1);\n");
            default:
                await ground.NewSourceAsync("cut");
                var whole = await ground.DumpAsync("cut", "--format", "custom");
                return whole[..(whole.Length / 2)];
        }
    }

    private static byte[] Gzip(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(plain);
        }

        return packed.ToArray();
    }

    private static async Task<byte[]> ZstdAsync(byte[] plain)
    {
        var directory = Machine.NewDirectory();
        var file = Path.Combine(directory, "plain");
        await File.WriteAllBytesAsync(file, plain);
        (await Command.RunAsync("zstd", "-q", file)).Good();
        var packed = await File.ReadAllBytesAsync(file + ".zst");
        Directory.Delete(directory, recursive: true);
        return packed;
    }
}
