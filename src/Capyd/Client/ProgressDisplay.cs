using System.Globalization;
using System.Text.Json;

namespace Capyd.Client;

/// <summary>Where a job stands: a bar on a terminal, a line for each phase elsewhere, nothing beside JSON.</summary>
internal sealed class ProgressDisplay(TextWriter output, bool terminal, bool silent, TimeProvider clock)
{
    private const int Width = 30;
    private readonly long _started = clock.GetTimestamp();
    private string _phase = "";
    private int _drawn;

    public void Note(JsonElement job)
    {
        var (phase, state) = (job.Text("phase"), job.Text("state"));
        var label = phase.Length > 0 && state == "running" ? phase : state;
        if (silent || (!terminal && label == _phase))
        {
            return;
        }

        _phase = label;
        output.Write(terminal ? Bar(label, job) : $"{job.Text("type")}: {TextTable.Printable(label)}\n");
        output.Flush();
    }

    /// <summary>Leaves the line of the bar.</summary>
    public void End()
    {
        if (terminal && !silent && _drawn > 0)
        {
            output.WriteLine();
        }
    }

    private string Bar(string label, JsonElement job)
    {
        var fraction = double.TryParse(job.Text("progress"), CultureInfo.InvariantCulture, out var done) ? Math.Clamp(done, 0, 1) : 0;
        var full = (int)(fraction * Width);
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{TextTable.Printable(label),-24} [{new string('#', full)}{new string('.', Width - full)}] {fraction,4:P0}  {clock.GetElapsedTime(_started):mm\\:ss}");
        var cleared = line.PadRight(_drawn);
        _drawn = line.Length;
        return "\r" + cleared;
    }
}
