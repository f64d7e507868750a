# Turns a Debian package index (deb822 paragraphs) into rows for COPY ... FROM STDIN.
# One row per package, one column per field of `want`; a missing field is \N.
# Works with mawk and gawk.
BEGIN {
    count = split("Package Version Architecture Source Maintainer Section Priority Installed-Size Size " \
        "Description Homepage Tag SHA256 Filename Multi-Arch Essential Built-Using Ruby-Versions Depends " \
        "Pre-Depends Recommends Suggests Enhances Breaks Conflicts Replaces Provides", want, " ")
}

function flush_row(    i, row) {
    if (!("Package" in field)) return
    for (i = 1; i <= count; i++)
        row = row (i > 1 ? "\t" : "") ((want[i] in field) ? field[want[i]] : "\\N")
    print row
    split("", field)
}

function clean(text) {
    gsub(/\\/, "\\\\", text)
    gsub(/\t/, " ", text)
    sub(/[ \r]+$/, "", text)
    return text
}

/^[ \t]*$/ { flush_row(); name = ""; next }

/^[ \t]/ { # a continued field (tags): joined, folded into one line
    if (name != "") field[name] = field[name] clean($0)
    next
}

{
    colon = index($0, ":")
    if (colon == 0) next
    name = substr($0, 1, colon - 1)
    value = clean(substr($0, colon + 1))
    sub(/^ +/, "", value)
    if (value == "") delete field[name]
    else field[name] = value
}

END { flush_row() }
