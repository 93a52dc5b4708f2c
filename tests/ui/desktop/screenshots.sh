#!/bin/sh
# screenshots.sh BIN-FOLDER [OUT-FOLDER]: takes the pictures of docs/desktop.md anew, without a screen.
set -eu
bin=$1
out=${2:-$(dirname -- "$0")/../../../docs/images}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
echo '<flat-profile><GPP_A>12345678</GPP_A></flat-profile>' | tee "$folder/basic.txt" >"$folder/7832-3PCC.xml"
cp "$folder/basic.txt" "$folder/7841-3PCC.xml"
QT_QPA_PLATFORM=offscreen
export QT_QPA_PLATFORM

# picture NAME SCALE OPTION...: phones from 127.79.40.1 on, away from whoever else runs phones here. They begin their
# first resync within 40 s of power-up; those on the tiles find no file and blink.
picture() {
    name=$1 scale=$2
    shift 2
    QT_SCALE_FACTOR=$scale "$bin/phonerig-desktop" --serve "$folder" --screenshot "$out/desktop-$name.png" "$@" -- \
        --first 127.79.40.1 --seed 7 2>/dev/null
}

picture list-dark 1 --theme dark --size 1000x420 --phones 14 --list --group state --for 12
picture list-dark@2x 2 --theme dark --size 1000x420 --phones 14 --list --group state --for 12
picture phone-light 1 --theme light --size 900x700 --model CP-7841-3PCC --phones 4 --open 1 --for 45
picture phone-dark@2x 2 --theme dark --size 900x700 --model CP-7841-3PCC --phones 4 --open 1 --for 45
rm "$folder/7832-3PCC.xml"
picture tiles-light 1 --theme light --size 900x560 --phones 24 --for 25
picture tiles-dark@2x 2 --theme dark --size 900x560 --phones 24 --for 25

# trace FILE LED: what a phone does, in virtual time, that is told to fetch this file.
trace() {
    cat >"$folder/scenario.yaml" <<SCENARIO
scenario: A phone is told to fetch $1
phones: { model: CP-7841-3PCC, count: 1, set: { Resync_On_Reset: "No" } }
servers:
  tftp: { files: { basic.txt: "<flat-profile><GPP_A>1</GPP_A></flat-profile>" } }
  syslog: {}
steps:
  - power: on
  - browse: /admin/resync?tftp://\${tftp}/$1
  - expect: { led: mute, shows: $2, within: 30s }
  - wait: 10s
  - browse: /admin/resync?tftp://\${tftp}/basic.txt
  - expect: { param: GPP_A, is: "1", within: 30s }
SCENARIO
    "$bin/phonerig" run "$folder/scenario.yaml" --on sim --events "$folder/$1.ndjson" >/dev/null 2>&1
}

# files NAME SCALE OPTION...: of the files in the folder, without an engine.
files() {
    name=$1 scale=$2
    shift 2
    (cd "$folder" && QT_SCALE_FACTOR=$scale "$bin/phonerig-desktop" --for 1 --screenshot "$out/desktop-$name.png" "$@" 2>/dev/null)
}

bin=$(realpath "$bin") out=$(realpath "$out")
cat >"$folder/mute-key.yaml" <<'SCENARIO'
# The mute key tells a missing file from a server that is down.
scenario: The mute key blinks fast when a file is missing
tags: [own, led]
phones: { model: CP-7841-3PCC, count: 1, set: { Resync_On_Reset: "No" } }
servers:
  tftp: { files: { basic.txt: "<flat-profile><GPP_A>1</GPP_A></flat-profile>" } }
  syslog: {}
steps:
  - power: on
  - browse: /admin/resync?tftp://${tftp}/missing.txt
  - expect: { request: tftp, file: missing.txt, within: 5s }
  - expect: { led: mute, shows: fast blink, within: 30s }
  - browse: /admin/resync?tftp://${tftp}/basic.txt
  - expect: { syslog: "*Successful resync*", within: 10s }
  - expect: { param: GPP_A, is: "2", within: 10s }
finally:
  - power: off
SCENARIO
sed 's/power: on/powr: on/; s/shows: fast blink/shows: fast blnk/' "$folder/mute-key.yaml" >"$folder/with-problems.yaml"
trace basic.txt off
trace missing.txt "fast blink"
files scenario-light 1 --theme light --size 1200x800 --scenario mute-key.yaml --run sim
files scenario-dark@2x 2 --theme dark --size 1200x800 --scenario with-problems.yaml
files ladder-light 1 --theme light --size 1000x640 --trace missing.txt.ndjson
files ladder-dark@2x 2 --theme dark --size 1000x640 --trace missing.txt.ndjson
files compare-light 1 --theme light --size 1200x760 --compare basic.txt.ndjson missing.txt.ndjson
files compare-dark@2x 2 --theme dark --size 1200x760 --compare basic.txt.ndjson missing.txt.ndjson

# The bench: in a network of its own, with names of its own, in which its user may capture.
cat >"$folder/bench.yaml" <<'INVENTORY'
bench: lab
capture: { interface: lo }
phones:
  alice:
    { model: CP-7832-3PCC, firmware: sip7832.11-3-1MPP-678, mac: 00:0e:08:00:00:01, address: 127.78.0.1, web: { port: 8078 }, may: [upgrade], tags: [room-7, headset] }
  bob: { model: CP-7832-3PCC, mac: 00:0e:08:00:00:02, address: 127.78.0.2, web: { port: 8078 }, tags: [room-7] }
  carol: { model: CP-7841-3PCC, mac: 00:0e:08:00:00:03, address: 127.78.0.3, web: { port: 8078 }, may: [upgrade, factory_reset] }
  dave: { model: CP-7861-3PCC, firmware: 11.3.1, mac: 00:0e:08:00:00:04, address: 127.78.0.4, web: { port: 8078 }, tags: [desk] }
INVENTORY
cat >"$folder/bench.sh" <<'SCRIPT'
set -eu
PATH=$PATH:/usr/sbin:/sbin
hostname rig-host
ip link set lo up
cd "$1"
bin=$2 out=$3
XDG_RUNTIME_DIR=$1 XDG_STATE_HOME=$1/state
export XDG_RUNTIME_DIR XDG_STATE_HOME
trap 'kill $(cat pids) 2>/dev/null || true' EXIT
# start WORD COMMAND...: in the background, until it has said that word.
start() {
    word=$1
    shift
    rm -f said
    mkfifo said
    "$@" >said 2>&1 &
    echo $! >>pids
    exec 3<said
    while read -r line <&3; do
        case $line in *"$word"*)
            cat <&3 >/dev/null &
            return
            ;;
        esac
    done
    echo "$* ended without a word of '$word'" >&2
    exit 1
}
start ready "$bin/phonerig" up --phones 3 --serve . --set Resync_On_Reset=No
start serving "$bin/phonerig" bench serve
"$bin/phonerig" bench check alice >/dev/null
if "$bin/phonerig" bench check carol >/dev/null; then
    echo "carol, whose inventory names another model, passed" >&2
    exit 1
fi
start " until " "$bin/phonerig" bench lease bob --for 2h --reason "nightly 4711"
"$bin/phonerig" bench lease bob --wait 2>/dev/null >/dev/null &
echo $! >>pids
# picture NAME SCALE OPTION...: while phones answer.
picture() {
    name=$1 scale=$2
    shift 2
    QT_SCALE_FACTOR=$scale "$bin/phonerig-desktop" --bench bench.yaml --for 3 --screenshot "$out/desktop-$name.png" "$@" &
    window=$!
    for page in 1 2 3 4 5 6; do
        "$bin/phonerig" bench check alice >/dev/null
    done
    wait $window
}
picture bench-light 1 --theme light --size 1200x520
picture bench-dark@2x 2 --theme dark --size 1200x520
SCRIPT
unshare --map-root-user --net --uts sh "$folder/bench.sh" "$folder" "$bin" "$out"
