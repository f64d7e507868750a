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
        ["webhook"] = () => new WebhookScenario(),
        ["extension enable"] = () => new ExtensionScenario("enable"), ["extension disable"] = () => new ExtensionScenario("disable"),
        ["extension update"] = () => new ExtensionScenario("update"), ["export"] = () => new ExportScenario(), ["export expiry"] = () => new ExportExpiryScenario(),
        ["import"] = () => new ImportScenario(),
        ["clone"] = () => new PreviewCreateScenario(inUse: false), ["clone in use"] = () => new PreviewCreateScenario(inUse: true), ["reset"] = () => new PreviewResetScenario(),
        ["metadata"] = () => new MetadataScenario(),
        ["wal"] = () => new WalKeepScenario(), ["wal gap"] = () => new WalGapScenario(),
        ["moment"] = () => new PitrScenario(overProject: false), ["moment over project"] = () => new PitrScenario(overProject: true),
        ["base backup"] = () => new BaseBackupScenario(), ["base backup verify"] = () => new BaseBackupVerifyScenario(), ["base retention"] = () => new BaseRetentionScenario(),
        ["drill"] = () => new DrillScenario(),
    };

    /// <summary>By the part before the dot.</summary>
    private static readonly Dictionary<string, string[]> ScenariosOfGroup = new()
    {
        ["provision"] = ["provision"], ["rotate"] = ["rotate"], ["backup"] = ["backup", "delete"], ["build"] = ["backup", "new preview", "overwrite", "import"],
        ["restore"] = ["new preview", "overwrite"], ["undo"] = ["undo"], ["delete"] = ["delete"], ["preview_delete"] = ["preview delete"],
        ["webhook"] = ["webhook"],
        ["extension"] = ["extension enable", "extension disable", "extension update"], ["extension_closed"] = ["extension enable"], ["export"] = ["export"], ["export_expiry"] = ["export expiry"],
        ["retention"] = ["retention"], ["import"] = ["import"], ["job"] = ["provision", "rotate", "backup", "overwrite", "undo", "delete", "import"],
        ["preview"] = ["clone", "reset"], ["preview_rows"] = ["clone in use"], ["preview_reset"] = ["reset"],
        ["metadata"] = ["metadata"],

        // Of a command, not of the daemon: RecoverTests.
        ["recover"] = [],

        // Of a repository in a bucket: OffHostFaultTests.
        ["ship"] = [], ["growing"] = [],
        ["wal"] = ["wal"], ["wal_gap"] = ["wal gap"],
        ["recovery"] = ["moment"], ["pitr"] = ["moment", "moment over project"],
        ["base_backup"] = ["base backup"], ["base_backup_verify"] = ["base backup verify"], ["base_retention"] = ["base retention"],
        ["drill"] = ["drill"],
    };

    /// <summary>Every point that the sources name.</summary>
    public static IReadOnlyList<string> Points { get; } = Directory
        .EnumerateFiles(Path.Combine(Machine.Root, "src"), "*.cs", SearchOption.AllDirectories)
        .SelectMany(file => ReachedPoint().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
        .Distinct().Order(StringComparer.Ordinal).ToList();

    public static IReadOnlyList<string> PointsWithoutScenario => Points.Where(point => !ScenariosOfGroup.ContainsKey(Group(point))).ToList();

    /// <summary>Those of one class of tests; the classes have grounds of their own and run side by side.</summary>
    public static TheoryData<string, string> Cases(FaultPart part)
    {
        var cases = new TheoryData<string, string>();
        foreach (var point in Points)
        {
            foreach (var scenario in ScenariosOfGroup.GetValueOrDefault(Group(point), []).Where(scenario => Part(scenario) == part))
            {
                cases.Add(point, scenario);
            }
        }

        return cases;
    }

    public static Scenario New(string scenario) => Scenarios[scenario]();

    private static FaultPart Part(string scenario) => scenario switch
    {
        "import" => FaultPart.Imports,
        "moment" or "moment over project" or "drill" or "wal" or "wal gap" or "base backup" or "base backup verify" or "base retention" => FaultPart.Recovery,
        _ => FaultPart.Projects,
    };

    private static string Group(string point) => point.Split('.')[0];

    [GeneratedRegex("""FaultPoint\.Reach\("([^"]+)"\)""")]
    private static partial Regex ReachedPoint();
}
