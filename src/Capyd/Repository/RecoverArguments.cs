using System.CommandLine;
using System.Globalization;
using Capyd.Postgres.Cluster;

namespace Capyd.Repository;

/// <summary>The options of <c>capyd recover</c>, and what they say together.</summary>
internal sealed class RecoverArguments
{
    private readonly RecoverPlace _place = new();
    private readonly Option<string?> _target = new("--target") { Description = "The new data directory; missing or empty.", HelpName = "DIR" };
    private readonly Option<bool> _list = new("--list") { Description = "Only say what can be recovered." };
    private readonly Option<bool> _latest = new("--latest") { Description = "As late as it goes; the default." };
    private readonly Option<string?> _time = new("--time") { Description = "A moment with its offset, such as 2026-11-21T07:00:00Z.", HelpName = "TIME" };
    private readonly Option<string?> _point = new("--restore-point") { Description = "A name that was given with pg_create_restore_point.", HelpName = "NAME" };
    private readonly Option<string?> _dataDir = new("--data-dir") { Description = "Where capyd's own metadata is put back; without it they stay in the repository.", HelpName = "DIR" };
    private readonly Option<string?> _wal = new("--wal") { Description = "WAL that was saved from the lost host: its pg_wal, or capyd's wal-spool.", HelpName = "DIR" };
    private readonly Option<string?> _backup = new("--base-backup") { Description = "Begin with this one.", HelpName = "NAME" };
    private readonly Option<int?> _timeline = new("--timeline") { Description = "Follow this timeline; default the newest.", HelpName = "N" };
    private readonly Option<string?> _system = new("--system") { Description = "Which server, where base backups of several are kept.", HelpName = "ID" };
    private readonly Option<string> _user = new("--os-user") { Description = "Who owns the new cluster, when run as root.", HelpName = "NAME", DefaultValueFactory = _ => "postgres" };
    private readonly Option<string?> _bin = new("--bin-dir") { Description = "Directory of PostgreSQL's programs, when it is not a usual one.", HelpName = "DIR" };
    private readonly Option<bool> _restart = new("--restart") { Description = "Remove what an unfinished recovery wrote into the target, and begin again." };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    public void AddTo(Command command)
    {
        _place.AddTo(command);
        foreach (var option in (Option[])[_target, _list, _latest, _time, _point, _dataDir, _wal, _backup, _timeline, _system, _user, _bin, _restart, _json])
        {
            command.Options.Add(option);
        }
    }

    public bool IsList(ParseResult parsed) => parsed.GetValue(_list);

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <exception cref="CapydException">400: there is no target, or no repository.</exception>
    public RecoverSettings Settings(ParseResult parsed) => new(
        _place.Of(parsed),
        Path.GetFullPath(parsed.GetValue(_target) ?? (IsList(parsed) ? "." : throw CapydException.Invalid("--target is missing", "name the new data directory, such as /var/lib/postgresql/15/main"))),
        parsed.GetValue(_dataDir) is { } data ? Path.GetFullPath(data) : null,
        parsed.GetValue(_user)!,
        parsed.GetValue(_bin))
    {
        RescuedWal = parsed.GetValue(_wal), System = parsed.GetValue(_system), Restart = parsed.GetValue(_restart),
    };

    /// <exception cref="CapydException">400: more than one moment, or a time without an offset.</exception>
    public RecoverWish Wish(ParseResult parsed)
    {
        var (time, point) = (parsed.GetValue(_time), parsed.GetValue(_point));
        if ((time is null ? 0 : 1) + (point is null ? 0 : 1) + (parsed.GetValue(_latest) ? 1 : 0) > 1)
        {
            throw CapydException.Invalid("--time, --restore-point and --latest exclude each other", "give one of them");
        }

        RecoverWish wish = time is not null ? new RecoverWish.Time(Moment(time)) : point is not null ? new RecoverWish.Point(point) : new RecoverWish.Latest();
        return wish with
        {
            BaseBackup = parsed.GetValue(_backup),
            Timeline = parsed.GetValue(_timeline) is { } timeline
                ? timeline > 0 ? new TimelineId((uint)timeline) : throw CapydException.Invalid($"--timeline: {timeline} is none", "the first one is 1")
                : null,
        };
    }

    /// <summary>A time without an offset would mean another moment on another machine.</summary>
    private static DateTimeOffset Moment(string text) =>
        DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? at.ToUniversalTime()
            : throw CapydException.Invalid($"--time: '{text}' is no time with an offset", "write it like 2026-11-21T07:00:00Z or 2026-11-21T08:00:00.25+01:00");

    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFK"];
}
