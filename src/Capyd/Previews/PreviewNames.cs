namespace Capyd.Previews;

/// <summary>Names for previews that got none: easy to say, and free in their project.</summary>
internal static class PreviewNames
{
    private const int Tries = 20;

    private static readonly string[] Moods =
    [
        "agile", "amber", "bold", "brave", "bright", "brisk", "calm", "clever", "coral", "cosy", "crisp", "eager", "early", "fair", "fleet", "fond",
        "gentle", "glad", "golden", "grand", "green", "happy", "hardy", "humble", "jolly", "keen", "kind", "lively", "lucky", "mellow", "merry", "mild",
        "misty", "modest", "neat", "noble", "patient", "placid", "plucky", "polite", "proud", "quick", "quiet", "rapid", "ready", "rosy", "rustic", "sandy",
        "serene", "sharp", "shy", "silver", "sleek", "smooth", "snug", "spry", "steady", "sunny", "swift", "tidy", "warm", "wise", "witty", "young",
    ];

    private static readonly string[] Animals =
    [
        "alpaca", "badger", "beaver", "bison", "bongo", "camel", "capybara", "caracal", "cheetah", "civet", "coati", "coyote", "dingo", "dolphin", "donkey", "egret",
        "ermine", "falcon", "ferret", "finch", "gazelle", "gecko", "gibbon", "heron", "ibex", "ibis", "iguana", "jackal", "jaguar", "koala", "kudu", "lemur",
        "llama", "lynx", "magpie", "manatee", "marmot", "marten", "meerkat", "mole", "moose", "newt", "ocelot", "okapi", "oryx", "osprey", "otter", "panda",
        "pika", "plover", "puffin", "quokka", "rabbit", "raven", "robin", "seal", "sloth", "stork", "tapir", "toucan", "vicuna", "walrus", "wombat", "zebra",
    ];

    /// <param name="taken">Names of the project's other previews.</param>
    public static string Pick(Random random, IReadOnlySet<string> taken)
    {
        var free = Enumerable.Range(0, Tries).Select(_ => $"{Of(random, Moods)}-{Of(random, Animals)}").FirstOrDefault(name => !taken.Contains(name));
        return free ?? Enumerable.Range(2, taken.Count + 1).Select(number => $"{Moods[0]}-{Animals[0]}-{number}").First(name => !taken.Contains(name));
    }

    private static string Of(Random random, string[] words) => words[random.Next(words.Length)];
}
