using Capyd.Hosting;

namespace Capyd.Tests.Hosting;

public sealed class FilePagesTests
{
    /// <summary>As the kernel shows it: code, data, the page of the stack's cookie, relocated data, data; a library; and what is no file or shared.</summary>
    private const string Smaps = """
        55c250bbd000-55c251a7f000 r-xp 00042000 fe:00 5490226                    /opt/capyd
        Rss:               14128 kB
        Anonymous:             0 kB
        VmFlags: rd ex mr mw me
        55c251a7f000-55c252442000 r--p 00f04000 fe:00 5490226                    /opt/capyd
        Private_Dirty:         0 kB
        Anonymous:             0 kB
        55c252442000-55c252443000 r--p 018c7000 fe:00 5490226                    /opt/capyd
        Private_Dirty:         4 kB
        Anonymous:             4 kB
        55c2529b0000-55c2529b2000 r--p 01e34000 fe:00 5490226                    /opt/capyd
        Anonymous:             8 kB
        55c2529b2000-55c252a45000 rw-p 01e36000 fe:00 5490226                    /opt/capyd
        Anonymous:             0 kB
        55c252a45000-55c25362c000 rw-p 00000000 00:00 0
        Anonymous:             0 kB
        7f5a756c5000-7f5a75942000 r-xp 00000000 fe:00 1234                       /usr/lib/libcrypto.so.3
        Anonymous:             0 kB
        7f5a76000000-7f5a76010000 ---p 00000000 00:00 0
        Anonymous:             0 kB
        7f5a77000000-7f5a77008000 r--s 00000000 fe:00 4711                       /var/lib/capyd/capyd.db-shm
        Anonymous:             0 kB
        7ffd1a2b6000-7ffd1a2b8000 r-xp 00000000 00:00 0                          [vdso]
        Anonymous:             0 kB
        """;

    [Fact]
    public void Only_files_that_nobody_can_have_written_to_are_let_go_of() =>
        Assert.Equal(
            [(0x55c250bbd000, 0x55c251a7f000), (0x55c251a7f000, 0x55c252442000), (0x7f5a756c5000, 0x7f5a75942000)],
            FilePages.Unwritten(Smaps.Split('\n')));
}
