using System.Globalization;

namespace Capyd.Repository;

/// <summary>How far a command is: a bar on a terminal, a line for each step elsewhere. Safe for several threads.</summary>
internal sealed class ProgressLine(TextWriter output, bool terminal, TimeProvider clock)
{
    private const int Width = 30;
    private static readonly TimeSpan BetweenDrawings = TimeSpan.FromMilliseconds(100);
    private readonly Lock _gate = new();
    private long _drawnAt;
    private string _step = "";
    private int _drawn;

    /// <summary>On standard error, so that the output stays what it is.</summary>
    public static ProgressLine OnErrors(TimeProvider clock) => new(Console.Error, !Console.IsErrorRedirected, clock);

    /// <param name="share">0 to 1.</param>
    /// <param name="detail">Such as "1.2 GB"; may be empty.</param>
    public void Show(string step, double share, string detail = "")
    {
        lock (_gate)
        {
            if (step != _step)
            {
                Begin(step);
            }
            else if (!terminal || (share < 1 && clock.GetElapsedTime(_drawnAt) < BetweenDrawings))
            {
                return;
            }

            _drawnAt = clock.GetTimestamp();
            if (terminal)
            {
                Draw(share, detail);
            }
        }
    }

    /// <summary>Leaves the line of the bar.</summary>
    public void End()
    {
        lock (_gate)
        {
            if (terminal && _drawn > 0)
            {
                output.WriteLine();
            }

            (_drawn, _step) = (0, "");
        }
    }

    private void Begin(string step)
    {
        if (terminal && _drawn > 0)
        {
            output.WriteLine();
            _drawn = 0;
        }

        _step = step;
        if (!terminal)
        {
            output.WriteLine($"capyd: {step}");
            output.Flush();
        }
    }

    private void Draw(double share, string detail)
    {
        var full = (int)(Math.Clamp(share, 0, 1) * Width);
        var line = string.Create(
            CultureInfo.InvariantCulture, $"{_step,-28} [{new string('#', full)}{new string('.', Width - full)}] {Math.Clamp(share, 0, 1),4:P0}  {detail}");
        output.Write("\r" + line.PadRight(_drawn));
        output.Flush();
        _drawn = line.Length;
    }
}
