# A made-up package index in Debian's format, always the same. Set `packages` with -v.
function random(limit) { # a small linear congruential generator: equal on every awk
    seed = (seed * 69069 + 1) % 4294967296
    return int(seed / 65536) % limit
}

function pick(list, size) { return list[1 + random(size)] }

BEGIN {
    seed = 20260101
    words = split("archive buffer cache daemon engine filter graph handler index journal kernel library manager " \
        "network object parser query reader server table utility viewer worker", word, " ")
    sections = split("admin database devel doc games libs net python utils web", section, " ")
    teams = split("Core Database Games Network Python Science", team, " ")
    for (i = 1; i <= packages; i++) {
        name = pick(word, words) "-" pick(word, words) "-" i
        group = pick(team, teams)
        print "Package: " name
        print "Version: " random(9) "." random(40) "-" (1 + random(4))
        print "Installed-Size: " random(90000)
        print "Maintainer: Synthetic " group " Team <" tolower(group) "@example.org>"
        print "Architecture: " (random(3) ? "amd64" : "all")
        if (i > 3) {
            list = ""
            for (j = random(8); j >= 0; j--)
                list = list (list == "" ? "" : ", ") names[1 + random(i - 1)] (random(2) ? " (>= " random(9) "." random(9) ")" : "")
            print "Depends: " list
        }
        print "Description: " pick(word, words) " and " pick(word, words) " for every " pick(word, words)
        print "Homepage: https://example.org/" name
        print "Tag: role::" pick(word, words) ", use::" pick(word, words)
        print "Section: " pick(section, sections)
        print "Priority: optional"
        print "Size: " (1000 + random(60000) * 100)
        print ""
        names[i] = name
    }
}
