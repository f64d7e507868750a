using System.Text.RegularExpressions;

namespace Capyd.SystemTests.Faults;

/// <summary>Which points are reached by which scenario.</summary>
public static partial class FaultPlan
{
    private static readonly Dictionary<string, Func<Scenario>> Scenarios = new()
    {
        ["provision"] = () => new ProvisionScenario(), ["rotate"] = () => new RotateScenario(), ["backup"] = () => new BackupScenario(),
        ["new preview"] = () => new NewPreviewScenario(), ["overwrite"] = () => new OverwriteScenario(), ["undo"] = () => new UndoScenario(),
        ["delete"] = () => new DeleteScenario(), ["preview delete"] = () => new PreviewDeleteScenario(), ["retention"] = () => new RetentionScenario(),
    };

    /// <summary>By the part before the dot.</summary>
    private static readonly Dictionary<string, string[]> ScenariosOfGroup = new()
    {
        ["provision"] = ["provision"], ["rotate"] = ["rotate"], ["backup"] = ["backup", "delete"], ["build"] = ["backup", "new preview", "overwrite"],
        ["restore"] = ["new preview", "overwrite"], ["undo"] = ["undo"], ["delete"] = ["delete"], ["preview_delete"] = ["preview delete"],
        ["retention"] = ["retention"], ["job"] = ["provision", "rotate", "backup", "overwrite", "undo", "delete"],
    };

    /// <summary>Every point that the sources name.</summary>
    public static IReadOnlyList<string> Points { get; } = Directory
        .EnumerateFiles(Path.Combine(Machine.Root, "src"), "*.cs", SearchOption.AllDirectories)
        .SelectMany(file => ReachedPoint().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
        .Distinct().Order(StringComparer.Ordinal).ToList();

    public static IReadOnlyList<string> PointsWithoutScenario => Points.Where(point => !ScenariosOfGroup.ContainsKey(Group(point))).ToList();

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var point in Points)
        {
            foreach (var scenario in ScenariosOfGroup.GetValueOrDefault(Group(point), []))
            {
                cases.Add(point, scenario);
            }
        }

        return cases;
    }

    public static Scenario New(string scenario) => Scenarios[scenario]();

    private static string Group(string point) => point.Split('.')[0];

    [GeneratedRegex("""FaultPoint\.Reach\("([^"]+)"\)""")]
    private static partial Regex ReachedPoint();
}
