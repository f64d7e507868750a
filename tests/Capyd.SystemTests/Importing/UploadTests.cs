using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Capyd.SystemTests.Importing;

/// <summary>Upload slots: signed, limited, whole or not at all (contract C.3, B.7).</summary>
public sealed class UploadTests : IClassFixture<UploadTests.Ground>
{
    private const int Limit = 256 * 1024;
    private readonly Ground _ground;

    public UploadTests(Ground ground) => _ground = ground;

    /// <summary>A daemon that takes small files only.</summary>
    public sealed class Ground() : DaemonGround(("CAPYD_IMPORTS_MAX_UPLOAD_SIZE", "256KiB"), ("CAPYD_LIMITS_BODY_SIZE", "64KiB"));

    private ApiClient Api => _ground.Api;

    private string Directory => Path.Combine(_ground.Daemon.DataDirectory, "uploads");

    [SystemTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_is_kept_as_it_was_sent_and_fills_its_slot_once(bool chunked)
    {
        var project = await Api.NewProjectAsync($"Upload {chunked}");
        var slot = await Api.NewSlotAsync(project);
        Assert.StartsWith(_ground.Daemon.Address.GetLeftPart(UriPartial.Authority), slot.Text("upload_url"), StringComparison.Ordinal);
        Assert.InRange(DateTimeOffset.Parse(slot.Text("expires_at")), DateTimeOffset.UtcNow.AddMinutes(58), DateTimeOffset.UtcNow.AddMinutes(61));

        var file = RandomNumberGenerator.GetBytes(Limit);
        var stored = (await UploadCalls.PutAsync(slot.Text("upload_url"), file, chunked)).Expect(200)["upload"];
        Assert.Equal((slot.Text("object_key"), Limit, Convert.ToHexStringLower(SHA256.HashData(file))), (stored.Text("object_key"), stored.Number("size_bytes"), stored.Text("sha256")));
        Assert.Equal(file, await File.ReadAllBytesAsync(Path.Combine(Directory, slot.Text("object_key").Split('/')[1])));
        (await UploadCalls.PutAsync(slot.Text("upload_url"), file, chunked)).Refused(409, "used");
        Assert.Equal("project.import_upload_created", await _ground.Daemon.Metadata.OneAsync($"SELECT action FROM audit_events WHERE project_id = '{project}' AND action LIKE '%import%'"));
    }

    [SystemTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Too_large_a_file_leaves_nothing_and_its_slot_stays_open(bool chunked)
    {
        var slot = await Api.NewSlotAsync(await Api.NewProjectAsync($"Too large {chunked}"));
        (await UploadCalls.PutAsync(slot.Text("upload_url"), new byte[Limit + 1], chunked)).Refused(413, "larger than 262144 bytes");
        Assert.Empty(FilesOf(slot));
        (await UploadCalls.PutAsync(slot.Text("upload_url"), [], chunked)).Refused(400, "empty");
        (await UploadCalls.PutAsync(slot.Text("upload_url"), [1], chunked)).Expect(200);
    }

    [SystemFact]
    public async Task A_url_that_was_changed_is_refused()
    {
        var project = await Api.NewProjectAsync("Signed");
        var (mine, other) = (await Api.NewSlotAsync(project), await Api.NewSlotAsync(project));
        var url = mine.Text("upload_url");
        var changed = new[]
        {
            url[..url.IndexOf('?')], url.Replace("expires=1", "expires=2", StringComparison.Ordinal), url + "x",
            url.Replace(mine.Text("object_key").Split('/')[1], other.Text("object_key").Split('/')[1], StringComparison.Ordinal),
            url.Replace("signature=", "signature=%00", StringComparison.Ordinal),
        };
        foreach (var wrong in changed)
        {
            (await UploadCalls.PutAsync(wrong, [1])).Refused(403, "signature");
        }

        (await UploadCalls.PutAsync(url, [1])).Expect(200);
    }

    [SystemFact]
    public async Task An_upload_that_breaks_off_leaves_nothing_and_may_be_made_again()
    {
        var slot = await Api.NewSlotAsync(await Api.NewProjectAsync("Broken off"));
        using (var socket = await BeginAsync(slot))
        {
            await Until.TrueAsync("the slot is being filled", async () => await StateAsync(slot) == "receiving");
            (await UploadCalls.PutAsync(slot.Text("upload_url"), [1])).Refused(409, "being filled");
        }

        await Until.TrueAsync("the slot is open again", async () => await StateAsync(slot) == "open");
        Assert.Empty(FilesOf(slot));
        (await UploadCalls.PutAsync(slot.Text("upload_url"), [1])).Expect(200);
    }

    [SystemFact]
    public async Task A_daemon_that_dies_in_mid_upload_opens_the_slot_again_and_removes_the_half()
    {
        var slot = await Api.NewSlotAsync(await Api.NewProjectAsync("Daemon dies"));
        using (var socket = await BeginAsync(slot))
        {
            await Until.TrueAsync("the slot is being filled", async () => await StateAsync(slot) == "receiving" && FilesOf(slot).Any());
            await _ground.Daemon.KillAsync();
        }

        await _ground.Daemon.StartAsync();
        await Until.TrueAsync("the slot is open again", async () => await StateAsync(slot) == "open");
        await Until.TrueAsync("the half upload is gone", () => Task.FromResult(!FilesOf(slot).Any()));
        (await UploadCalls.PutAsync(slot.Text("upload_url"), [1])).Expect(200);
    }

    [SystemFact]
    public async Task What_is_too_old_is_removed()
    {
        var project = await Api.NewProjectAsync("Too old");
        var (open, whole) = (await Api.NewSlotAsync(project), await Api.NewSlotAsync(project));
        (await UploadCalls.PutAsync(whole.Text("upload_url"), [1])).Expect(200);
        await _ground.Daemon.Metadata.ExecuteAsync($"UPDATE uploads SET expires_at = 1 WHERE project_id = '{project}'");
        (await UploadCalls.PutAsync(open.Text("upload_url"), [1])).Refused(404, "upload not found");
        (await Api.PostAsync($"/v1/projects/{project}/imports", new JsonObject { ["upload_key"] = whole.Text("object_key") })).Refused(404, "upload not found");
        await _ground.Daemon.TerminateAsync();
        await _ground.Daemon.StartAsync();
        await Until.TrueAsync("the rows are gone", async () => await _ground.Daemon.Metadata.OneAsync($"SELECT count(*) FROM uploads WHERE project_id = '{project}'") == "0");
        await Until.TrueAsync("the file is gone", () => Task.FromResult(!FilesOf(whole).Any()));
    }

    [SystemFact]
    public async Task Slots_are_for_ready_projects_of_ones_own_and_not_without_number()
    {
        (await Api.PostAsync("/v1/projects/prj_aaaaaaaaaaaaaaaaaaaa/imports/uploads")).Refused(404, "project not found");
        var project = await Api.NewProjectAsync("Many slots");
        using (var reader = await _ground.Daemon.ClientAsync("projects:read"))
        {
            (await reader.PostAsync($"/v1/projects/{project}/imports/uploads")).Refused(403, "projects:write");
        }

        for (var i = 0; i < 10; i++)
        {
            (await Api.PostAsync($"/v1/projects/{project}/imports/uploads", new JsonObject())).Expect(201);
        }

        (await Api.PostAsync($"/v1/projects/{project}/imports/uploads")).Refused(409, "10 uploads");
        await _ground.Daemon.Metadata.ExecuteAsync($"UPDATE projects SET state = 'failed' WHERE id = '{project}'");
        (await Api.PostAsync($"/v1/projects/{project}/imports/uploads")).Refused(409, "project must be ready");
    }

    private IEnumerable<string> FilesOf(JsonObject slot) => System.IO.Directory.EnumerateFiles(Directory, slot.Text("object_key").Split('/')[1] + "*");

    private Task<string?> StateAsync(JsonObject slot) =>
        _ground.Daemon.Metadata.OneAsync($"SELECT state FROM uploads WHERE id = '{slot.Text("object_key").Split('/')[1]}'");

    /// <summary>A connection that has sent the head and a part of the body.</summary>
    private async Task<Socket> BeginAsync(JsonObject slot)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0) };
        await socket.ConnectAsync(_ground.Daemon.Address.Host, _ground.Daemon.Address.Port);
        var url = new Uri(slot.Text("upload_url"));
        var head = $"PUT {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\nContent-Type: application/octet-stream\r\nContent-Length: 200000\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(head));
        await socket.SendAsync(new byte[150_000]);
        return socket;
    }
}
