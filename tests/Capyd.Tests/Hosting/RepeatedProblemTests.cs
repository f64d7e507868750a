using Capyd.Hosting;
using Capyd.Tests.Wal;

namespace Capyd.Tests.Hosting;

public sealed class RepeatedProblemTests
{
    private readonly HandClock _clock = new();

    [Fact]
    public void The_same_problem_is_said_once_and_then_each_hour_with_its_count()
    {
        var problem = new RepeatedProblem(_clock);
        Assert.Equal(1, problem.Meet(Full("a")));
        for (var seconds = 5; seconds < 3600; seconds += 5)
        {
            _clock.Pass(TimeSpan.FromSeconds(5));
            Assert.Null(problem.Meet(Full(seconds.ToString(System.Globalization.CultureInfo.InvariantCulture))));
        }

        _clock.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal(720, problem.Meet(Full("b")));
        Assert.Null(problem.Meet(Full("c")));
    }

    [Fact]
    public void Another_problem_is_said_at_once_and_so_is_one_that_comes_back()
    {
        var problem = new RepeatedProblem(_clock);
        problem.Meet(Full("a"));
        Assert.Equal(1, problem.Meet(new UnauthorizedAccessException("no")));
        Assert.Null(problem.Meet(Full("b")));
        problem.Forget();
        Assert.Equal(1, problem.Meet(Full("c")));
    }

    /// <summary>As each try has a file name of its own.</summary>
    private static IOException Full(string name) => new($"No space left on device : '/repository/{name}'", 28);
}
