using Capyd.Doctor;

namespace Capyd.Tests.Doctor;

public sealed class DoctorTests
{
    [Fact]
    public void The_worst_finding_is_the_result()
    {
        var (pass, warn, fail) = (Finding.Pass("a", "good"), Finding.Warn("b", "hm", "do"), Finding.Fail("c", "bad", "mend"));
        Assert.Equal("pass", Report(pass).Result);
        Assert.Equal("warn", Report(pass, warn).Result);
        Assert.Equal("fail", Report(pass, fail, warn).Result);
    }

    [Fact]
    public void Every_finding_that_is_not_good_says_what_to_do()
    {
        var text = DoctorText.Format(Report(Finding.Warn("clock", "nobody keeps it", "install something"), Finding.Pass("role", "superuser")));
        Assert.Contains("> install something", text, StringComparison.Ordinal);
        Assert.EndsWith("nothing fails; 1 warnings (seen from outside, without the service's confinement)\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_device_of_a_path_is_that_of_the_nearest_mount_above_it()
    {
        var table = new MountTable(
        [
            MountTable.Parse("22 1 254:0 / / rw - ext4 /dev/vda rw"), MountTable.Parse("30 22 8:1 / /srv rw - xfs /dev/sda1 rw"),
            MountTable.Parse("31 30 8:2 / /srv/second\\040disk rw - xfs /dev/sdb1 rw"),
        ]);
        Assert.Equal("254:0", table.DeviceOf("/var/lib/capyd"));
        Assert.Equal("8:1", table.DeviceOf("/srv/repository"));
        Assert.Equal("8:2", table.DeviceOf("/srv/second disk/repository"));
        Assert.Equal("254:0", table.DeviceOf("/srvice"));
    }

    private static DoctorReport Report(params Finding[] findings) => DoctorReport.Of("command", DateTimeOffset.UnixEpoch, findings);
}
