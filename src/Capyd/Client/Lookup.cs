using System.Text.Json;

namespace Capyd.Client;

/// <summary>Finds what a person names by id, slug or name.</summary>
internal static class Lookup
{
    /// <exception cref="CapydException">There is none, or more than one of that name.</exception>
    public static async Task<JsonElement> ProjectAsync(ClientSession session, string named)
    {
        var projects = (await session.Api.GetAsync("v1/projects", session.Cancellation)).List("projects");
        return Pick(projects, named, "project", ["id", "slug", "name"]);
    }

    public static async Task<string> ProjectIdAsync(ClientSession session, string named) => (await ProjectAsync(session, named)).Text("id");

    /// <summary>A preview of one project, or of all when none is named.</summary>
    public static async Task<JsonElement> PreviewAsync(ClientSession session, string named, string? project)
    {
        var projects = project is null
            ? (await session.Api.GetAsync("v1/projects", session.Cancellation)).List("projects").Select(one => one.Text("id")).ToList()
            : [await ProjectIdAsync(session, project)];
        var previews = new List<JsonElement>();
        foreach (var id in projects)
        {
            previews.AddRange((await session.Api.GetAsync($"v1/projects/{id}/preview-databases", session.Cancellation)).List("preview_databases"));
        }

        return Pick(previews, named, "preview", ["id", "name"]);
    }

    private static JsonElement Pick(IReadOnlyList<JsonElement> all, string named, string what, string[] by)
    {
        foreach (var field in by)
        {
            var found = all.Where(one => one.Text(field) == named).ToList();
            if (found.Count > 0)
            {
                return found.Count == 1 ? found[0] : throw CapydException.Invalid($"more than one {what} is named '{named}'", $"give the id: {string.Join(", ", found.Select(one => one.Text("id")))}");
            }
        }

        throw new CapydException(ErrorCode.NotFound, $"there is no {what} '{named}'", $"capyd {what}s list shows them");
    }
}
