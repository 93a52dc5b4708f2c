# shellcheck shell=bash
# Which packages this machine lacks, and how rig gets them. Sourced by rig, which defines root, say and die.

# Prints the release whose lines of the package lists hold here; ends rig on a distribution it does not know.
release_of_this_machine() {
    local ID="" VERSION_ID="" PRETTY_NAME="this system"
    if [[ -r /etc/os-release ]]; then
        # shellcheck disable=SC1091
        . /etc/os-release
    fi
    local major=${VERSION_ID%%.*}
    # Debian's testing and unstable have no number: they are newer than any that has.
    case $ID in
        debian) if [[ -z $major ]] || ((major >= 13)); then echo debian-13; return; fi
                if ((major == 12)); then echo debian-12; return; fi ;;
        ubuntu) if ((${major:-0} >= 24)); then echo ubuntu-24.04; return; fi ;;
    esac
    die "this is $PRETTY_NAME, but rig installs packages on Debian 12 or newer and Ubuntu 24.04 only;" \
        "install the like of .ci/packages yourself, then run it with RIG_PACKAGES=installed."
}

# Prints the names that the given lists have for release $1, one per line, each still with its '?'.
packages_listed() {
    local release=$1 list line words
    shift
    for list; do
        while IFS= read -r line || [[ -n $line ]]; do
            line=${line%%#*}
            if [[ $line == *:* ]]; then
                [[ " ${line%%:*} " == *" $release "* ]] || continue
                line=${line#*:}
            fi
            read -ra words <<<"$line"
            ((${#words[@]} == 0)) || printf '%s\n' "${words[@]}"
        done <"$list"
    done
}

# Prints those of the given names that are not installed.
packages_missing() {
    local -A installed=()
    local status name
    while read -r status name; do
        [[ $status == installed ]] && installed[$name]=yes
    done < <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${@%\?}" 2>/dev/null)
    for name; do
        [[ -n ${installed[${name%\?}]:-} ]] || printf '%s\n' "$name"
    done
}

# Runs a command as root. Fails with 77 where there is no way to become root: no sudo, or not for this user.
as_root() {
    if ((EUID == 0)); then
        "$@"
    elif sudo -n true 2>/dev/null || { [[ -t 2 ]] && command -v sudo >/dev/null && sudo -v; }; then
        sudo "$@"
    else
        return 77
    fi
}

# ensure_packages PURPOSE LIST...: installs what the lists of .ci/ name and this machine lacks. Costs one call of
# dpkg-query when nothing is missing.
ensure_packages() {
    local purpose=$1
    shift
    [[ ${RIG_PACKAGES:-} == installed ]] && return
    local release lists=("${@/#/$root/.ci/}") names missing required=() name line
    release=$(release_of_this_machine) || exit
    mapfile -t names < <(packages_listed "$release" "${lists[@]}")
    mapfile -t missing < <(packages_missing "${names[@]}")

    # What could not be had last time is not asked for again until the lists change.
    local stamp="$root/build/packages-left-out" key left_out=""
    key="$release $(cat "${lists[@]}" | cksum)"
    if ((${#missing[@]} > 0)) && [[ -r $stamp ]]; then
        { IFS= read -r line && IFS= read -r left_out; } <"$stamp" || true
        [[ ${line:-} == "$key" ]] || left_out=""
        mapfile -t missing < <(for name in "${missing[@]}"; do
            [[ " $left_out " == *" $name "* ]] || printf '%s\n' "$name"
        done)
    fi
    ((${#missing[@]} > 0)) || return 0

    for name in "${missing[@]}"; do
        [[ $name == *\? ]] || required+=("$name")
    done
    say "$(count "${#missing[@]}" package) to install, which $purpose needs and this machine lacks:"
    printf '%s\n' "${missing[*]%\?}" | fold -s -w 100 | sed 's/^/     /' >&2
    local status=0
    as_root bash "$root/.ci/install-packages" "${missing[@]}" || status=$?
    if ((status == 77 && ${#required[@]} == 0)); then
        say "without root or sudo they stay missing; the tests that need them will skip."
        return 0
    elif ((status == 77)); then
        die "that takes root, which sudo does not give here; as root, run:" \
            "$(printf '%q ' bash "$root/.ci/install-packages" "${missing[@]}")"
    elif ((status != 0)); then
        exit 2
    fi
    # shellcheck disable=SC2034  # rig asks CMake to look again
    packages_changed=yes

    mapfile -t missing < <(packages_missing "${missing[@]}")
    if ((${#missing[@]} > 0)); then
        if ! { mkdir -p "$root/build" && printf '%s\n%s\n' "$key" "${left_out:+$left_out }${missing[*]}" >"$stamp"; } 2>/dev/null; then
            die "cannot write to $stamp; run rig as the user who owns that folder, or delete it."
        fi
    fi
}
