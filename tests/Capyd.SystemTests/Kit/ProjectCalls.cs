namespace Capyd.SystemTests.Kit;

/// <summary>What most tests do to projects, in one line each.</summary>
public static class ProjectCalls
{
    /// <summary>A ready project; its id.</summary>
    public static async Task<string> NewProjectAsync(this ApiClient api, string name, string environment = "non_production")
    {
        var reply = await api.PostAsync("/v1/projects", new JsonObject { ["name"] = name, ["environment"] = environment });
        await api.CompletedAsync(reply.Expect(201).JobId);
        return reply["project"].Text("id");
    }

    public static async Task<JsonObject> ProjectAsync(this ApiClient api, string project) =>
        (await api.GetAsync($"/v1/projects/{project}")).Expect(200)["project"];

    /// <summary>The URL of the project's database, with its password.</summary>
    public static async Task<string> UrlAsync(this ApiClient api, string project) =>
        (await api.GetAsync($"/v1/projects/{project}/connections")).Expect(200)["connections"].Text("direct_url");

    public static async Task<string> PreviewUrlAsync(this ApiClient api, string preview) =>
        (await api.GetAsync($"/v1/preview-databases/{preview}/connections")).Expect(200)["connections"].Text("direct_url");

    /// <summary>A few tables with content; <paramref name="rows"/> of it.</summary>
    public static Task FillAsync(string url, int rows = 200) => Tenant.ExecuteAsync(url, $"""
        CREATE TABLE orders (id bigserial PRIMARY KEY, customer text NOT NULL, total numeric(12,2), placed timestamptz DEFAULT now());
        CREATE TABLE notes (id int PRIMARY KEY, body jsonb, tags text[]);
        CREATE INDEX ON orders (customer);
        CREATE VIEW big_orders AS SELECT * FROM orders WHERE total > 100;
        INSERT INTO orders (customer, total) SELECT 'Kundin ' || n % 17, n * 1.5 FROM generate_series(1, {rows}) n;
        INSERT INTO notes SELECT n, jsonb_build_object('n', n, 'ä', repeat('x', n % 50)), ARRAY['a', n::text] FROM generate_series(1, 50) n;
        """);

    /// <summary>What the content is, as one value to compare.</summary>
    public static Task<string?> ContentAsync(string url) => Tenant.OneAsync(url, ContentSql);

    public const string ContentSql = """
        SELECT md5(coalesce((SELECT string_agg(o::text, ',' ORDER BY id) FROM orders o), '') || coalesce((SELECT string_agg(n::text, ',' ORDER BY id) FROM notes n), ''))
        """;

    /// <summary>The relations that a tenant sees as its own, in one text.</summary>
    public static Task<string?> ObjectsAsync(string url) => Tenant.OneAsync(url, """
        SELECT coalesce(string_agg(format('%s.%s %s', relnamespace::regnamespace, relname, relkind), ',' ORDER BY relnamespace::regnamespace::text, relname), '')
        FROM pg_class WHERE relnamespace::regnamespace::text NOT LIKE 'pg\_%' AND relnamespace <> 'information_schema'::regnamespace
        """);

    /// <summary>A completed and verified backup.</summary>
    public static async Task<JsonObject> NewBackupAsync(this ApiClient api, string project)
    {
        await api.CompletedAsync(await api.PostAsync($"/v1/projects/{project}/backups"));
        var backup = (await api.BackupsAsync(project))[0];
        Assert.Equal("verified", backup.Text("verification_state"));
        return backup;
    }

    public static async Task<IReadOnlyList<JsonObject>> BackupsAsync(this ApiClient api, string project) =>
        (await api.GetAsync($"/v1/projects/{project}/backups")).Expect(200).Json.Objects("backups");

    public static async Task<IReadOnlyList<JsonObject>> PreviewsAsync(this ApiClient api, string project) =>
        (await api.GetAsync($"/v1/projects/{project}/preview-databases")).Expect(200).Json.Objects("preview_databases");

    public static Task<Reply> RestoreAsync(this ApiClient api, string project, JsonObject body) => api.PostAsync($"/v1/projects/{project}/restores", body);

    /// <summary>A ready new preview from a backup; its id.</summary>
    public static async Task<string> NewPreviewAsync(this ApiClient api, string project, string backupKey)
    {
        var job = await api.CompletedAsync(await api.RestoreAsync(project, new JsonObject { ["backup_key"] = backupKey }));
        return job.Text("preview_database_id");
    }
}
