namespace Capyd.Postgres.Clones;

/// <summary>Something that one lane does at a time.</summary>
/// <param name="Weight">The heaviest is begun first, so that no long one is left alone at the end.</param>
/// <param name="RunAsync">Told in which lane it runs.</param>
/// <param name="Then">What may begin when this has ended.</param>
internal sealed record LaneWork(long Weight, Func<int, CancellationToken, Task> RunAsync, IReadOnlyList<LaneWork> Then);
