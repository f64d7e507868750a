namespace Capyd.Tests;

/// <summary>Finds the checkout that the tests run in.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string from) =>
        File.Exists(System.IO.Path.Combine(from, "capyd.sln")) ? from : Find(Directory.GetParent(from)!.FullName);
}
